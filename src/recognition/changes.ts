/** What became of results that a decision relied on, in the eyes of whoever relied on them. */
import type { Decision, ItemDecision } from '../terms/decision.ts';
import type { Change } from '../terms/notice.ts';
import type { RecordedDecision } from '../terms/offer.ts';
import type { PatientRef } from '../terms/patient-link.ts';
import type { ResultEntry } from '../terms/result-entry.ts';
import { patientKey } from './check-context.ts';

export interface ChangedResult {
  readonly kind: Change;
  readonly item: string;
  readonly entry: ResultEntry;
  /** As it stands now; as it stood where it was withdrawn. */
  readonly version: number;
}

/**
 * Of the results that the card showed. `open`: their rows as they stand now, none of what was withdrawn; `patients`: who is
 * certainly the asked person now; `now`: the decision as it would be made with both.
 */
export function changesOf(
  kept: RecordedDecision,
  of: { readonly open: readonly ResultEntry[]; readonly patients: readonly PatientRef[]; readonly now: Decision },
): readonly ChangedResult[] {
  const byPlace = new Map(of.open.map((entry) => [placeOf(entry), entry]));
  const certain = new Set(of.patients.map(patientKey));
  return kept.items.flatMap(({ item, entry, verdict, checks }): ChangedResult[] => {
    if (entry === undefined || verdict === 'do-not') return [];
    const now = byPlace.get(placeOf(entry));
    const changed = (kind: Change): ChangedResult => ({ kind, item, entry, version: now?.version ?? entry.version });
    if (now === undefined || isWithdrawn(now)) return [changed('retracted')];
    if (!certain.has(patientKey(now))) return [changed('unlinked')];
    if (isAnother(now, entry)) return [changed('corrected')];
    return hadMark(checks) && lostMark(of.now.items, item, now) ? [changed('mark-withdrawn')] : [];
  });
}

function placeOf({ bucket, container, element }: ResultEntry): string {
  return `${bucket} ${container} ${element}`;
}

function isWithdrawn({ status }: ResultEntry): boolean {
  return status === 'cancelled' || status === 'entered-in-error';
}

/** Another value, another time or another critical flag: what a doctor would read otherwise. */
function isAnother(now: ResultEntry, then: ResultEntry): boolean {
  const read = ({ value, effectiveStart, interpretation }: ResultEntry): string =>
    JSON.stringify([value, effectiveStart, interpretation]);
  return read(now) !== read(then);
}

function hadMark(checks: readonly { readonly code: string; readonly state: string }[]): boolean {
  return checks.some(({ code, state }) => code === 'quality-mark' && state === 'passed');
}

/** The result is still the one judged best, and its mark no longer holds. */
function lostMark(items: readonly ItemDecision[], item: string, { element }: ResultEntry): boolean {
  const decided = items.find((one) => one.item === item);
  if (decided?.entry?.element !== element) return false;
  return decided.checks.some(({ code, state }) => code === 'quality-mark' && state !== 'passed');
}
