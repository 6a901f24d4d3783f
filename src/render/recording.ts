/**
 * A recording as a page reads it: every lead as pieces on one clock, whichever group of the file holds them, with the
 * limb leads that follow from I and II. What lies behind a group's `tail` is no ECG and is not here.
 */
import { withDerivedLeads } from '../signals/derive-leads.ts';
import { leadName, leadNumber } from '../signals/leads.ts';
import type { Ecg, EcgGroup, EcgLead } from '../terms/parsed/ecg.ts';

/** Samples of one lead in one group. */
export interface Piece {
  /** `aVR`; for an unknown lead as the file writes it. */
  readonly label: string;
  readonly lead: EcgLead;
  /** Seconds from the recording's first sample to this one's. */
  readonly from: number;
  readonly hz: number;
  /** Samples that are ECG. */
  readonly length: number;
}

export interface Recording {
  readonly pieces: readonly Piece[];
  readonly seconds: number;
  /** Samples per second of the groups, as the file writes them, without repetition. */
  readonly rates: readonly string[];
}

/** A page has room for so many. */
const RATES_MAX = 4;

const SECONDS_PER_DAY = 86_400;

export function recordingOf(ecg: Ecg): Recording {
  const groups = ecg.groups.filter(({ kind }) => kind === 'rhythm');
  const starts = groups.map((group) => secondsOf(group.start ?? ecg.acquisition.start));
  const first = starts.reduce<number>((least, start) => Math.min(least, start ?? least), Number.POSITIVE_INFINITY);
  const pieces = groups.flatMap((group, k) => piecesOf(group, (starts[k] ?? first) - first));
  return {
    pieces,
    seconds: pieces.reduce((most, piece) => Math.max(most, endOf(piece)), 0),
    rates: [...new Set(groups.map(({ rate }) => rate.hz))].slice(0, RATES_MAX),
  };
}

/** Seconds from the recording's first sample to behind the last of the piece. */
export function endOf({ from, length, hz }: Piece): number {
  return from + length / hz;
}

/** Pieces of one lead, by its label. */
export function piecesNamed(recording: Recording, label: string): readonly Piece[] {
  return recording.pieces.filter((piece) => piece.label === label);
}

/** `aVF` for a lead however it is written, else the text itself. */
export function leadLabel(text: string): string {
  const number = leadNumber(text);
  return (number === undefined ? undefined : leadName(number)) ?? text;
}

function piecesOf(group: EcgGroup, from: number): readonly Piece[] {
  const hz = Number(group.rate.hz);
  // A rate that is no number, or none, puts no sample anywhere.
  if (!(hz > 0 && hz < Number.POSITIVE_INFINITY)) return [];
  return withDerivedLeads(group.leads)
    .map((lead) => ({
      label: (lead.number === undefined ? undefined : leadName(lead.number)) ?? leadLabel(lead.name),
      lead,
      from: Number.isFinite(from) ? from : 0,
      hz,
      length: Math.min(lead.samples.length, group.tail?.from ?? lead.samples.length),
    }))
    .filter(({ length }) => length > 0);
}

/** Seconds since 1970 of `YYYY-MM-DDThh:mm[:ss[.fff]][±hh:mm]`; a day alone says nothing about seconds. */
function secondsOf(start: string | undefined): number | undefined {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?(?:Z|([+-])(\d\d):(\d\d))?$/.exec(start ?? '');
  if (parts === null) return undefined;
  const [, day = '', hours, minutes, seconds = '0', sign, zoneHours = '0', zoneMinutes = '0'] = parts;
  const days = Date.parse(`${day}T00:00:00Z`) / (1000 * SECONDS_PER_DAY);
  const zone = (Number(zoneHours) * 60 + Number(zoneMinutes)) * (sign === '-' ? -60 : 60);
  return Number.isNaN(days)
    ? undefined
    : days * SECONDS_PER_DAY + Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds) - zone;
}
