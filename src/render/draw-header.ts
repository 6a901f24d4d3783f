/** The head of a page of one recording: whose it is, what was measured, what was read, and whether a doctor confirmed. */
import type { Ecg } from '../terms/parsed/ecg.ts';
import type { Identity } from './identity.ts';
import { measurementRows, valuesText } from './measurement-rows.ts';
import type { Messages } from './messages.ts';
import type { Frame, PageText } from './page.ts';
import { GRID } from './page-plan.ts';
import type { Reading } from './page-request.ts';
import { plainText } from './plain-text.ts';
import { standingOf, statementLines } from './statement-lines.ts';
import { fitText, textWidth } from './text-width.ts';

export interface Header {
  readonly texts: readonly PageText[];
  readonly frames: readonly Frame[];
}

/** Three blocks side by side: x and width in mm. */
const WHO = { x: GRID.x, width: 90 };
const MEASURED = { x: 108, width: 62 };
const READ = { x: 175, width: GRID.x + GRID.width - 175 };

const SIZE = 3;

export function drawHeader(
  ecg: Ecg,
  identity: Identity,
  messages: Messages,
  options: { readonly reading?: Reading | undefined; readonly warnings: readonly string[] },
): Header {
  const read = drawReading(ecg, identity, messages, { ...READ, top: 6, linesMax: 6, reading: options.reading });
  return {
    texts: [
      ...drawIdentity(identity, messages, WHO),
      ...drawMeasurements(ecg, messages),
      ...read.texts,
      ...drawWarnings(options.warnings, messages),
    ],
    frames: read.frames,
  };
}

/** Facility and patient, and below them a line for each list of statements. */
export function drawIdentity(
  identity: Identity,
  messages: Messages,
  place: { readonly x: number; readonly width: number; readonly lines?: readonly (readonly string[])[] },
): readonly PageText[] {
  const { x, width, lines = identityLines(identity, messages) } = place;
  const facility = identity.facility ?? messages.facilityNotStated;
  const name = identity.hidden ? messages.hidden : (identity.name ?? messages.noName);
  const about = [identity.sex === undefined ? undefined : messages.sex[identity.sex], identity.age]
    .filter((part) => part !== undefined)
    .join(' ');
  const aboutWidth = about === '' ? 0 : textWidth(about, 3.6) + 3;
  const printedName = fitText(name, width - aboutWidth, 4.8, true);
  return [
    { text: fitText(facility, width, 4, true), x, y: 9.8, size: 4, bold: true },
    { text: printedName, x, y: 16, size: 4.8, bold: true },
    ...(about === '' ? [] : [{ text: about, x: x + textWidth(printedName, 4.8, true) + 3, y: 16, size: 3.6 }]),
    ...lines.flatMap((parts, k) => inOneLine(parts, { x, y: 21.2 + k * 4.3, width })),
  ];
}

/** Numbers and birth date, time, device, order, reason; what the file does not state has no place. */
function identityLines(identity: Identity, messages: Messages): readonly (readonly string[])[] {
  const { field } = messages;
  return [
    patientLine(identity, messages),
    labelled([[field.recorded, identity.recordedAt ?? messages.timeNotStated]], messages),
    labelled([[field.device, identity.device]], messages),
    labelled(
      [
        [field.order, identity.order],
        [field.department, identity.department],
        [field.bed, identity.bed],
      ],
      messages,
    ),
    labelled(
      [
        [field.reason, identity.reason],
        [field.technician, identity.technician],
      ],
      messages,
    ),
  ].filter((parts) => parts.length > 0);
}

export function patientLine({ ids, birthDate }: Identity, messages: Messages): readonly string[] {
  return labelled(
    [
      [messages.field.id, ids.join(' / ')],
      [messages.field.born, birthDate],
    ],
    messages,
  );
}

function labelled(parts: readonly (readonly [string, string | undefined])[], { colon }: Messages): readonly string[] {
  return parts.flatMap(([label, value = '']) => (value === '' ? [] : [`${label}${colon}${value}`]));
}

/** Several statements share a line; each keeps a fair part of it, so that no long one pushes another out. */
function inOneLine(
  parts: readonly string[],
  { x, y, width }: { readonly x: number; readonly y: number; readonly width: number },
): readonly PageText[] {
  const gap = 4;
  const texts: PageText[] = [];
  let left = x;
  for (const [k, part] of parts.entries()) {
    const rest = parts.slice(k + 1);
    const fair = (x + width - left - gap * rest.length) / (rest.length + 1);
    const spare = rest.reduce((sum, other) => sum + Math.max(0, fair - textWidth(other, SIZE)), 0);
    const text = fitText(part, fair + spare, SIZE);
    texts.push({ text, x: left, y, size: SIZE });
    left += textWidth(text, SIZE) + gap;
  }
  return texts;
}

function drawMeasurements(ecg: Ecg, messages: Messages): readonly PageText[] {
  const { x, width } = MEASURED;
  const [measured] = measurementRows([ecg], messages);
  if (measured === undefined) return [];
  const note = measured.edited ? messages.edited : messages.notRemeasured;
  return [
    { text: messages.measurements, x, y: 9.8, size: 3.4, bold: true },
    { text: note, x: x + width, y: 9.8, size: 2.6, anchor: 'end', colour: 'soft' },
    ...measured.rows.flatMap(({ label, values, unit }, k): readonly PageText[] => {
      const y = 16 + k * 4.4;
      return [
        { text: label, x, y, size: SIZE, colour: 'soft' },
        { text: valuesText(values, unit), x: x + width, y, size: 3.4, anchor: 'end', bold: true },
      ];
    }),
  ];
}

/** A box that says whether a doctor confirmed, and the statements below it. */
export function drawReading(
  ecg: Ecg,
  identity: Identity,
  messages: Messages,
  place: {
    readonly x: number;
    readonly width: number;
    readonly top: number;
    readonly linesMax: number;
    readonly reading?: Reading | undefined;
    /** Stands before it where there are two. */
    readonly title?: string;
  },
): Header {
  const { x, width, top, linesMax, reading, title } = place;
  const standing = standingOf(ecg, identity, messages, { reading, title });
  // Smaller rather than cut: its end may be the word that counts.
  const size = Math.max(3, Math.min(4.2, (4.2 * (width - 4)) / textWidth(standing.text, 4.2, true)));
  const lines = statementLines(ecg, identity, messages, { width, size: 3.2, linesMax, reading });
  return {
    frames: [{ x, y: top, width, height: 7, fill: standing.confirmed ? 'paper' : 'ink' }],
    texts: [
      {
        text: fitText(standing.text, width - 4, size, true),
        x: x + width / 2,
        y: top + 3.6 + size * 0.36,
        size,
        anchor: 'middle',
        bold: true,
        ...(standing.confirmed ? {} : { colour: 'paper' as const }),
      },
      ...lines.map(
        ({ text, bold, soft }, k): PageText => ({
          text,
          x,
          y: top + 11.4 + k * 4.3,
          size: 3.2,
          ...(bold ? { bold: true as const } : {}),
          ...(soft ? { colour: 'soft' as const } : {}),
        }),
      ),
    ],
  };
}

/** One line over the whole width, right above the curves; `first` is graver than the recording's quality. */
export function drawWarnings(
  warnings: readonly string[],
  messages: Messages,
  first: readonly string[] = [],
): readonly PageText[] {
  const said = warnings.map((warning) => plainText(warning)).filter((warning) => warning !== undefined);
  const quality = said.length === 0 ? [] : [`${messages.warning}${messages.colon}${said.join(' · ')}`];
  const all = [...first, ...quality];
  if (all.length === 0) return [];
  const text = fitText(`! ${all.join(' · ')}`, GRID.width, 3.2, true);
  return [{ text, x: GRID.x, y: GRID.y - 1.5, size: 3.2, bold: true, colour: 'warning' }];
}
