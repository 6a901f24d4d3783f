/** A question: "is there already a result I can use?", asked by a facility at the moment of ordering. */
import type { Situation } from './catalogue.ts';
import type { IdentityFacts } from './mapped.ts';
import type { Visit } from './visit.ts';

export interface Question {
  readonly patient: IdentityFacts;
  /** The asking facility's encounter (visit) number, when it says one. */
  readonly encounter?: string;
  readonly practitioner?: string;
  readonly visit?: Visit;
  /** v3-PurposeOfUse code; treatment (TREAT) unless told. */
  readonly purpose?: string;
  /** What of these holds for the patient; absent: the asker does not say. */
  readonly situations?: readonly Situation[];
  readonly orders: readonly Order[];
}

/** The request for an exam, as the asker codes it. */
export interface Order {
  /** The asker's own key for this order (draft id); unique within the question. */
  readonly key: string;
  readonly system: string;
  readonly code: string;
  readonly display?: string;
  /** Further codings of the same order; the first one that maps counts. */
  readonly alternatives?: readonly { readonly system: string; readonly code: string }[];
  readonly priority?: 'routine' | 'urgent' | 'asap' | 'stat';
}
