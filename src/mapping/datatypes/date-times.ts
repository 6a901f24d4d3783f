/** DT, DTM, TS and TM → FHIR dates and times; one that does not exist is told and left out. */
import type { Reading } from '../reading.ts';
import type { Run } from '../run.ts';
import { dateOf, dateTimeOf, instantOf, timeOf } from '../values/date-time.ts';

export function dtmToDateTime(text: string, run: Run, s: Reading, f: number, r: number, c: number): string | undefined {
  const read = dateTimeOf(text, run.zone);
  if (read === undefined) {
    impossible(run, s, f, r, c);
    return undefined;
  }
  if (read.zoneAssumed && read.value.length > 10) run.noteAssumedZone(() => s.at(f, c, r));
  return read.value;
}

/** FHIR instants need seconds and a zone: a text coarser than minutes gives none. */
export function dtmToInstant(text: string, run: Run, s: Reading, f: number, r: number, c: number): string | undefined {
  const instant = instantOf(text, run.zone);
  const read = dateTimeOf(text, run.zone);
  if (instant === undefined) {
    if (read === undefined) impossible(run, s, f, r, c);
    else run.problem('mapping/instant-coarse', 'information', s.at(f, c, r));
    return undefined;
  }
  if (read?.zoneAssumed === true) run.noteAssumedZone(() => s.at(f, c, r));
  return instant;
}

export function dtmToDate(text: string, run: Run, s: Reading, f: number, r: number, c: number): string | undefined {
  const date = dateOf(text);
  if (date === undefined) impossible(run, s, f, r, c);
  return date;
}

/** PID-7 with a time of day: for the extension patient-birthTime; a date alone gives none. */
export function dtmToBirthTime(
  text: string,
  run: Run,
  s: Reading,
  f: number,
  r: number,
  c: number,
): string | undefined {
  if (text.length <= 8) return undefined;
  const read = dateTimeOf(text, run.zone);
  if (read === undefined || read.value.length <= 10) return undefined;
  if (read.zoneAssumed) run.noteAssumedZone(() => s.at(f, c, r));
  return read.value;
}

export function tmToTime(text: string, run: Run, s: Reading, f: number, r: number, c: number): string | undefined {
  const time = timeOf(text);
  if (time === undefined) impossible(run, s, f, r, c);
  return time;
}

function impossible(run: Run, s: Reading, f: number, r: number, c: number): void {
  run.problem('mapping/date-impossible', 'warning', s.at(f, c, r));
}
