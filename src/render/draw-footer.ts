/** The foot of a page: scales, filters, rate, seconds shown, and all that must be known to read the curves rightly. */
import type { EcgFilters } from '../terms/parsed/ecg.ts';
import { type Finding, printedLead, secondsText } from './draw-rows.ts';
import type { Messages } from './messages.ts';
import type { PageText } from './page.ts';
import { GRID, type PageGain, type PageSpeed, TWELVE_LEADS } from './page-plan.ts';
import { plainText } from './plain-text.ts';
import { fitText, textWidth, wrapText } from './text-width.ts';

export interface FooterFacts {
  readonly speed: PageSpeed;
  readonly gain: PageGain;
  readonly filters: readonly string[];
  readonly rates: readonly string[];
  /** Absent when the whole recording is shown. */
  readonly shown?: { readonly from: number; readonly to: number; readonly of: number } | undefined;
  readonly notes: readonly string[];
}

const FIRST_LINE = GRID.y + GRID.height + 4.4;

export function drawFooter(facts: FooterFacts, messages: Messages): readonly PageText[] {
  const scales = `${facts.speed} mm/s · ${facts.gain} mm/mV`;
  const { shown } = facts;
  const parts = [
    messages.pulse,
    ...facts.filters,
    ...(facts.rates.length === 0 ? [] : [messages.sampled(facts.rates.map((rate) => plainText(rate, 14)).join('/'))]),
    ...(shown === undefined
      ? []
      : [messages.shown(secondsText(shown.from), secondsText(shown.to), secondsText(shown.of))]),
  ];
  const x = GRID.x + textWidth(scales, 3.6, true) + 6;
  const notes = facts.notes.join(' · ');
  return [
    { text: scales, x: GRID.x, y: FIRST_LINE, size: 3.6, bold: true },
    { text: fitText(parts.join(' · '), GRID.x + GRID.width - x, 3), x, y: FIRST_LINE, size: 3 },
    ...wrapText(notes, GRID.width, 2.8, 2).map((text, k) => ({
      text,
      x: GRID.x,
      y: FIRST_LINE + 4.2 * (k + 1),
      size: 2.8,
    })),
  ];
}

/** `Filters as recorded: 0.05–150 Hz, notch 50 Hz`; a filter that the file does not name is not named. */
export function filtersText({ highPassHz, lowPassHz, notchHz }: EcgFilters, messages: Messages): string {
  const [high, low, notch] = [highPassHz, lowPassHz, notchHz].map((hz) => plainText(hz, 10));
  const band =
    high !== undefined && low !== undefined
      ? `${high}–${low} Hz`
      : high !== undefined
        ? messages.from(high)
        : low === undefined
          ? undefined
          : messages.upTo(low);
  const parts = [band, notch === undefined ? undefined : messages.notch(notch)].filter((part) => part !== undefined);
  return parts.length === 0
    ? messages.filtersNotStated
    : `${messages.filters}${messages.colon}${parts.join(messages.comma)}`;
}

/** Sentences for the findings of the rows, the gravest first. */
export function findingNotes(findings: readonly Finding[], messages: Messages): readonly string[] {
  const of = (kind: Finding['kind']) => findings.filter((finding) => finding.kind === kind);
  const named = (kind: Finding['kind'], say: (leads: string) => string): readonly string[] => {
    const leads = [...new Set(of(kind).map(({ lead }) => lead))].toSorted(asOnPaper).map(printedLead);
    return leads.length === 0 ? [] : [say(leads.join(messages.comma))];
  };
  const shifted = [...new Map(of('shifted').map(({ lead, mv }) => [lead, mv])).entries()].map(
    ([lead, mv]) => `${printedLead(lead)} ${String(mv).replace('-', '−')} mV`,
  );
  return [
    ...named('uncalibrated', messages.uncalibrated),
    ...named('missing', messages.missing),
    ...named('cut', messages.cut),
    ...(shifted.length === 0 ? [] : [messages.shifted(shifted.join(messages.comma))]),
    ...named('own-time', messages.ownTime),
    ...named('derived', (leads) => `† ${messages.derived(leads)}`),
    ...[...new Set(of('inverted').map(({ lead }) => lead))].map((lead) =>
      messages.inverted(printedLead(lead), lead === 'aVR' ? '−aVR' : 'aVR'),
    ),
  ];
}

/** I, II, III, aVR … V6, then all others. */
function asOnPaper(a: string, b: string): number {
  const rank = (lead: string) => (TWELVE_LEADS as readonly string[]).indexOf(lead) >>> 0;
  return rank(a) - rank(b);
}
