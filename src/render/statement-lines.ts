/** What was read from the curve, and by whom: statements in the order of their weight, and whether a doctor confirmed. */
import type { Ecg, EcgStatement } from '../terms/parsed/ecg.ts';
import type { Identity } from './identity.ts';
import { timeText } from './identity.ts';
import type { Messages } from './messages.ts';
import type { Reading } from './page-request.ts';
import { plainText } from './plain-text.ts';
import { wrapText } from './text-width.ts';

export interface Standing {
  readonly text: string;
  /** Anything but a confirmed reading stands white on black. */
  readonly confirmed: boolean;
}

export interface StatementLine {
  readonly text: string;
  readonly bold: boolean;
  readonly soft: boolean;
}

const ORDER: readonly EcgStatement['kind'][] = ['summary', 'statement', 'severity', 'comment'];

export function standingOf(
  ecg: Ecg,
  identity: Identity,
  messages: Messages,
  { reading, title }: { readonly reading?: Reading | undefined; readonly title?: string | undefined },
): Standing {
  const state = reading?.confirmed ?? ecg.confirmed;
  const before = title === undefined ? '' : `${title} · `;
  if (state === 'confirmed') {
    const own = reading === undefined;
    const by = own ? identity.confirmer : identity.hidden ? undefined : plainText(reading.by);
    const at = plainText(timeText(own ? ecg.acquisition.editedAt : reading.at), 30);
    const who = by === undefined ? messages.confirmed : messages.confirmedBy(by);
    return { text: `${before}${who}${at === undefined ? '' : ` · ${at}`}`, confirmed: true };
  }
  const text = state === 'unconfirmed' ? messages.unconfirmed : messages.notStatedConfirmed;
  const isMachines = ecg.statements.length > 0 && ecg.statements.every(({ by }) => by === 'machine');
  const machine = title === undefined && reading === undefined && isMachines;
  return { text: `${before}${text}${machine ? ` · ${messages.byMachine}` : ''}`, confirmed: false };
}

interface LinesOptions {
  readonly width: number;
  readonly size: number;
  readonly linesMax: number;
  readonly reading?: Reading | undefined;
}

/** Lines of the statements; the last one counts those that have no room. */
export function statementLines(
  ecg: Ecg,
  identity: Identity,
  messages: Messages,
  { width, size, linesMax, reading }: LinesOptions,
): readonly StatementLine[] {
  const statements = reading === undefined ? fileStatements(ecg, messages) : reading.statements.map(asRead);
  const shown = statements.flatMap(({ text, bold }) => {
    const plain = identity.show(text);
    return plain === undefined ? [] : [{ text: plain, bold }];
  });
  if (shown.length === 0) return [{ text: messages.noStatements, bold: false, soft: true }];
  const lines: StatementLine[] = [];
  for (const [k, { text, bold }] of shown.entries()) {
    const left = shown.length - k - 1;
    // The last line is kept for the count, unless nothing follows.
    const room = linesMax - lines.length - (left > 0 ? 1 : 0);
    if (room <= 0) return [...lines, { text: messages.more(left + 1), bold: false, soft: true }];
    // Bold letters are wider than those that the lines are measured with.
    const own = wrapText(text, bold ? width * 0.92 : width, size, Math.min(2, room));
    lines.push(...own.map((line) => ({ text: line, bold, soft: false })));
  }
  return lines;
}

interface Read {
  readonly text: string;
  readonly bold: boolean;
}

function asRead(text: string): Read {
  return { text, bold: false };
}

/** A machine's statements say so where persons' stand beside them. */
function fileStatements({ statements }: Ecg, messages: Messages): readonly Read[] {
  const mixed = statements.some(({ by }) => by === 'person') && statements.some(({ by }) => by === 'machine');
  return statements
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ text, kind, by }) => ({
      text: mixed && by === 'machine' ? `[${messages.byMachine}] ${text}` : text,
      bold: kind === 'summary',
    }));
}

function rank({ kind, by }: EcgStatement): number {
  return (by === 'person' ? 0 : ORDER.length) + ORDER.indexOf(kind);
}
