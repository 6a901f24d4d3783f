/** The head of a page of two recordings: one patient, both times, measurements side by side with what changed. */
import type { Ecg } from '../terms/parsed/ecg.ts';
import { drawIdentity, drawReading, drawWarnings, type Header, patientLine } from './draw-header.ts';
import type { Identity } from './identity.ts';
import { differenceText, measurementRows, valuesText } from './measurement-rows.ts';
import type { Messages } from './messages.ts';
import type { PageText } from './page.ts';
import { GRID } from './page-plan.ts';
import type { ComparisonWish } from './page-request.ts';
import { plainText } from './plain-text.ts';

/** One of the two recordings. */
export interface Side {
  readonly ecg: Ecg;
  readonly identity: Identity;
}

const WHO = { x: GRID.x, width: 74 };
const READ = { x: 180, width: GRID.x + GRID.width - 180, linesMax: 2 };

/** Left edge of the labels, right edges of the three columns. */
const TABLE = { label: 93, earlier: 133, later: 153, change: 174 };

export function drawComparisonHeader(earlier: Side, later: Side, messages: Messages, wish: ComparisonWish): Header {
  const title = (word: string, { recordedAt }: Identity) => `${word} ${minuteOf(recordedAt) ?? messages.timeNotStated}`;
  const before = drawReading(earlier.ecg, earlier.identity, messages, {
    ...READ,
    top: 6,
    title: title(messages.earlier, earlier.identity),
    reading: wish.earlierReading,
  });
  const after = drawReading(later.ecg, later.identity, messages, {
    ...READ,
    top: 24.5,
    title: title(messages.later, later.identity),
    reading: wish.laterReading,
  });
  return {
    frames: [...before.frames, ...after.frames],
    texts: [
      ...drawIdentity(bothOf(earlier.identity, later.identity), messages, {
        ...WHO,
        lines: whoLines(earlier.identity, later.identity, messages),
      }),
      ...drawTable(earlier.ecg, later.ecg, messages),
      ...before.texts,
      ...after.texts,
      ...drawWarnings(wish.warnings ?? [], messages, disagreements(earlier.ecg, later.ecg, messages)),
    ],
  };
}

/** Facilities number their patients by themselves: both numbers stand. */
function bothOf(earlier: Identity, later: Identity): Identity {
  return { ...later, ids: [...new Set([...later.ids, ...earlier.ids])] };
}

function whoLines(earlier: Identity, later: Identity, messages: Messages): readonly (readonly string[])[] {
  const at = (word: string, { recordedAt, facility }: Identity) =>
    [`${word}${messages.colon}${minuteOf(recordedAt) ?? messages.timeNotStated}`, facility].filter(
      (part) => part !== undefined,
    );
  const device = (word: string, identity: Identity) =>
    identity.device === undefined ? [] : [`${word}${messages.colon}${identity.device}`];
  return [
    patientLine(bothOf(earlier, later), messages),
    at(messages.later, later),
    at(messages.earlier, earlier),
    device(messages.later, later),
    device(messages.earlier, earlier),
  ].filter((parts) => parts.length > 0);
}

/** `2026-11-03 08:15` */
function minuteOf(recordedAt: string | undefined): string | undefined {
  return recordedAt?.slice(0, 16);
}

function drawTable(earlier: Ecg, later: Ecg, messages: Messages): readonly PageText[] {
  const [before, after] = measurementRows([earlier, later], messages);
  if (before === undefined || after === undefined) return [];
  const head = { y: 9.8, size: 3, anchor: 'end', bold: true } as const;
  return [
    { ...head, text: messages.earlier, x: TABLE.earlier, colour: 'earlier' },
    { ...head, text: messages.later, x: TABLE.later },
    { ...head, text: messages.difference, x: TABLE.change },
    ...before.rows.flatMap(({ label, unit, values }, k): readonly PageText[] => {
      const now = after.rows[k]?.values ?? [];
      const changes = values.map((value, j) => differenceText(value, now[j]));
      const line = { y: 16 + k * 4.4, size: 3 };
      return [
        { ...line, text: `${label} ${unit}`, x: TABLE.label, colour: 'soft' },
        { ...line, text: valuesText(values, ''), x: TABLE.earlier, anchor: 'end', colour: 'earlier' },
        { ...line, text: valuesText(now, ''), x: TABLE.later, anchor: 'end' },
        { ...line, text: valuesText(changes, ''), x: TABLE.change, anchor: 'end', bold: true },
      ];
    }),
  ];
}

/** A page that compares the hearts of two people must say so itself. */
function disagreements(earlier: Ecg, later: Ecg, { differs }: Messages): readonly string[] {
  const [before, after] = [earlier.patient, later.patient];
  const name = ({ name, family = '', given = '' }: Ecg['patient']) =>
    plainText(name ?? `${family}${given}`)
      ?.replace(/[\s^,]/g, '')
      .toLowerCase();
  const differ = (a: string | undefined, b: string | undefined) => a !== undefined && b !== undefined && a !== b;
  return [
    ...(differ(name(before), name(after)) ? [differs.name] : []),
    ...(differ(before.sex, after.sex) && before.sex !== 'unknown' && after.sex !== 'unknown' ? [differs.sex] : []),
    ...(differ(before.birthDate, after.birthDate) ? [differs.birthDate] : []),
  ];
}
