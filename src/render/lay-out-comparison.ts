/** Two recordings of one patient on one page: the same leads at the same scale, the earlier right above the later. */
import type { Ecg } from '../terms/parsed/ecg.ts';
import { drawComparisonHeader } from './draw-comparison-header.ts';
import { drawFooter, filtersText, findingNotes } from './draw-footer.ts';
import { drawRows, printedLead } from './draw-rows.ts';
import { type Identity, identityOf } from './identity.ts';
import { type Messages, messagesIn } from './messages.ts';
import type { Page, PageText } from './page.ts';
import { GRID, planRows, type Row, THREE_BY_FOUR, TRACE_WIDTH } from './page-plan.ts';
import type { ComparisonWish } from './page-request.ts';
import { leadLabel, recordingOf } from './recording.ts';

/** Each stands twice, and its date needs room below the pulse. */
const LEADS_MAX = 3;

export function layOutComparison(earlier: Ecg, later: Ecg, wish: ComparisonWish): Page {
  const { speed, gain, language, hideIdentity, header } = wish;
  const messages = messagesIn(language);
  const before = { ecg: earlier, identity: identityOf(earlier, { messages, hideIdentity }) };
  const after = { ecg: later, identity: identityOf(later, { messages, header, hideIdentity }) };
  const leads = leadsOf(wish);
  const seconds = Math.min(10, TRACE_WIDTH / speed);
  const { rows } = planRows(
    leads.flatMap((row) => [row, row]),
    { from: 0, seconds, speed, gain },
  );
  const [upper, lower] = [rows.filter((_, k) => k % 2 === 0), rows.filter((_, k) => k % 2 === 1)];
  const recordings = [recordingOf(earlier), recordingOf(later)] as const;
  const pen = { speed, gain, language, rhythm: false };
  const first = drawRows(recordings[0], upper, { ...pen, earlier: true });
  const second = drawRows(recordings[1], lower, pen);
  const head = drawComparisonHeader(before, after, messages, wish);
  const notes = [
    ...bothNotes(findingNotes(first.findings, messages), findingNotes(second.findings, messages), messages),
    messages.unfiltered,
  ];
  const filters = bothNotes([filtersText(earlier.filters, messages)], [filtersText(later.filters, messages)], messages);
  const rates = [...new Set(recordings.flatMap((recording) => recording.rates))];
  const longest = Math.max(...recordings.map((recording) => recording.seconds));
  const shown = longest > seconds + 0.01 ? { from: 0, to: seconds, of: longest } : undefined;
  return {
    language,
    title: [messages.comparison, before.identity.recordedAt, after.identity.recordedAt]
      .filter((part) => part !== undefined)
      .join(' · '),
    description: [
      leads.flat().map(printedLead).join(messages.comma),
      `${speed} mm/s, ${gain} mm/mV`,
      ...filters,
      ...notes,
    ].join(messages.stop),
    grid: GRID,
    strokes: [...first.strokes, ...second.strokes],
    frames: head.frames,
    texts: [
      ...head.texts,
      ...first.texts,
      ...second.texts,
      ...upper.flatMap((row) => dateOf(row, messages.earlier, before.identity, 'earlier')),
      ...lower.flatMap((row) => dateOf(row, messages.later, after.identity, 'ink')),
      ...drawFooter({ speed, gain, filters, rates, shown, notes }, messages),
    ],
  };
}

function leadsOf({ leads = [] }: ComparisonWish): readonly (readonly string[])[] {
  return leads.length === 0 ? THREE_BY_FOUR : leads.slice(0, LEADS_MAX).map((lead) => [leadLabel(lead)]);
}

/** Below the pulse of each row, so that no curve is taken for the other's. */
function dateOf(
  { baseLine }: Row,
  word: string,
  { recordedAt }: Identity,
  colour: 'earlier' | 'ink',
): readonly PageText[] {
  return [word, recordedAt?.slice(0, 10)]
    .filter((text) => text !== undefined)
    .map((text, k) => ({ text, x: GRID.x + 1, y: baseLine + 3.8 + k * 3, size: 2.5, bold: true, colour }));
}

/** What is true of both is said once. */
function bothNotes(earlier: readonly string[], later: readonly string[], messages: Messages): readonly string[] {
  const { colon } = messages;
  return [
    ...later.filter((note) => earlier.includes(note)),
    ...later.filter((note) => !earlier.includes(note)).map((note) => `${messages.later}${colon}${note}`),
    ...earlier.filter((note) => !later.includes(note)).map((note) => `${messages.earlier}${colon}${note}`),
  ];
}
