/** Who speaks at the FHIR door, and under which circumstances: a channel of a facility, with what its token and request say. */
import type { Channel } from './channel.ts';
import type { Facility } from './facility.ts';

export interface FhirCaller {
  readonly channel: Channel;
  readonly facility: Facility;
  /** SMART v2 scopes of its token. */
  readonly scopes: readonly string[];
  readonly circumstances: Circumstances;
}

/** What the request says of why it asks. */
export interface Circumstances {
  /** The caller's own encounter (visit) number: the treating relationship (DESIGN 5). */
  readonly encounter?: string;
  /** v3-PurposeOfUse code; TREAT unless told, BTG breaks the glass. */
  readonly purpose: string;
  /** Why the glass is broken. */
  readonly reason?: string;
}
