/** One resource that a FHIR client sends, checked, and what it wants to become of it. */
import type { Instant } from '../../../terms/instant.ts';
import type { Fields } from '../present.ts';

export interface Draft {
  readonly type: string;
  /** Checked and filtered; references as they were sent. */
  readonly resource: Fields;
  /** Where it stands in what was sent: `Bundle.entry[3].resource`; '' for a resource alone. */
  readonly at: string;
  readonly wish: Wish;
  /** Addresses by which other entries refer to it: its fullUrl, its `Type/id` as sent. */
  readonly addresses: readonly string[];
}

export type Wish =
  /** `ifNoneExist`: identifier tokens; one that is there already is answered instead. */
  | { readonly kind: 'create'; readonly ifNoneExist?: readonly string[] }
  | { readonly kind: 'update'; readonly id: string; readonly ifMatch?: string }
  /** By identifier tokens: updated when it is there, else made. */
  | { readonly kind: 'put-by'; readonly tokens: readonly string[]; readonly ifMatch?: string }
  /** By the key that it has at its source (a server that is read from): updated when it is known, else made. */
  | { readonly kind: 'take'; readonly key: string };

export interface Written {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly lastUpdated: Instant;
  readonly outcome: 'created' | 'updated' | 'unchanged' | 'existing';
  /** As it stands now, with its meta; undefined: the client may not read it. */
  readonly text: string | undefined;
}
