/** Something that is not as it should be, found by whoever looks at an installation; never a value of a message. */
export interface Finding {
  /** `failure`: something is lost or refused already. `warning`: it will be, or an operator has to look. */
  readonly level: 'failure' | 'warning';
  /** What was looked at: settings, keys, database, schema, clock, catalogue, work, queues, facilities. */
  readonly area: string;
  readonly code: string;
  /** Ids and names of ours, and what the code's sentence leaves open. */
  readonly subjects?: readonly string[];
  readonly count?: number;
}
