/** The facility's key of a Patient (SETTLED 7). */
import { joinKey } from '../base/digest.ts';
import type { FacilityProfile } from '../terms/facility.ts';
import type { Reading } from './reading.ts';

/** CX.5 types that hold the facility's own patient number; '' is untyped. */
const DEFAULT_TYPES: ReadonlySet<string> = new Set(['MR', 'PI', 'PT', '']);
const VISIT_TYPES: ReadonlySet<string> = new Set(['VN', 'AN']);

/** The key of one stated number: a question makes the same key as a message. */
export function patientBusinessKey(identifier: { readonly value: string }): string {
  return joinKey('patient', identifier.value);
}

/**
 * The type that the profile names; by default the first PID-3 of MR, PI, PT or untyped, then PID-2, PID-4;
 * else a visit number (VN or AN in PID-3, PID-18, PV1-19). Undefined: each report has a Patient of its own.
 */
export function patientKeyOf(
  pid: Reading | undefined,
  pv1: Reading | undefined,
  profile: FacilityProfile,
): { readonly key: string; readonly kind: 'patient' | 'visit' } | undefined {
  const number = pid === undefined ? undefined : patientNumber(pid, profile);
  if (number !== undefined) return { key: patientBusinessKey({ value: number }), kind: 'patient' };
  const visit = visitNumber(pid, pv1);
  return visit === undefined ? undefined : { key: joinKey('visit', visit), kind: 'visit' };
}

/** The same choice among identifiers that came without an HL7 message; documents are to be left out before. */
export function patientKeyOfIdentifiers(
  identifiers: readonly { readonly type: string; readonly value: string }[],
  profile: FacilityProfile,
): string | undefined {
  const ofTypes = (types: ReadonlySet<string>): string | undefined =>
    identifiers.find((identifier) => types.has(identifier.type))?.value;
  const number =
    profile.patientKeyTypes === undefined
      ? ofTypes(DEFAULT_TYPES)
      : profile.patientKeyTypes.map((type) => ofTypes(new Set([type]))).find((value) => value !== undefined);
  if (number !== undefined) return patientBusinessKey({ value: number });
  const visit = ofTypes(VISIT_TYPES);
  return visit === undefined ? undefined : joinKey('visit', visit);
}

function patientNumber(pid: Reading, profile: FacilityProfile): string | undefined {
  if (profile.patientKeyTypes !== undefined) {
    for (const type of profile.patientKeyTypes) {
      const found = firstOfTypes(pid, new Set([type]));
      if (found !== undefined) return found;
    }
    return undefined;
  }
  return firstOfTypes(pid, DEFAULT_TYPES) ?? pid.peek(2, 1, 0, 1) ?? pid.peek(4, 1, 0, 1);
}

function firstOfTypes(pid: Reading, types: ReadonlySet<string>): string | undefined {
  for (let r = 1, n = pid.count(3); r <= n; r++) {
    const value = pid.peek(3, r, 0, 1);
    if (value !== undefined && types.has(pid.peek(3, r, 0, 5) ?? '')) return value;
  }
  return undefined;
}

function visitNumber(pid: Reading | undefined, pv1: Reading | undefined): string | undefined {
  const inPid = pid === undefined ? undefined : (firstOfTypes(pid, VISIT_TYPES) ?? pid.peek(18, 1, 0, 1));
  return inPid ?? pv1?.peek(19, 1, 0, 1);
}
