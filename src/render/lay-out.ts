/**
 * An ECG laid out on one A4 page as IHE Cardiology asks for (CARD TF-2 4.6.4.2.2): squared paper, labelled leads, a
 * calibration pulse in every row, scales, filters, marks between leads, and whether a doctor confirmed.
 */
import type { Ecg } from '../terms/parsed/ecg.ts';
import { drawFooter, filtersText, findingNotes } from './draw-footer.ts';
import { drawHeader } from './draw-header.ts';
import { drawRows, printedLead, secondsText } from './draw-rows.ts';
import { identityOf } from './identity.ts';
import { type Messages, messagesIn } from './messages.ts';
import type { Page } from './page.ts';
import { GRID, type PagePlan, planOf, RHYTHM_LEADS } from './page-plan.ts';
import type { PageRequest } from './page-request.ts';
import { leadLabel, type Recording, recordingOf } from './recording.ts';

export function layOut(request: PageRequest): Page {
  const { ecg, layout, speed, gain, language, header, hideIdentity, reading, warnings = [] } = request;
  const messages = messagesIn(language);
  const recording = recordingOf(ecg);
  const plan = planOf({
    layout,
    speed,
    gain,
    seconds: recording.seconds,
    from: beginOf(request, recording),
    rhythmLeads: rhythmLeadsOf(request, recording),
  });
  const identity = identityOf(ecg, { messages, header, hideIdentity });
  const drawing = drawRows(recording, plan.rows, { speed, gain, language, rhythm: layout === 'rhythm' });
  const head = drawHeader(ecg, identity, messages, { reading, warnings });
  const notes = [
    ...findingNotes(drawing.findings, messages),
    ...alsoRecorded(recording, plan, messages),
    messages.unfiltered,
  ];
  const facts = { speed, gain, filters: [filtersText(ecg.filters, messages)], rates: recording.rates, notes };
  const foot = drawFooter({ ...facts, shown: shownOf(plan, recording) }, messages);
  return {
    language,
    title: [messages.title, layout, identity.recordedAt].filter((part) => part !== undefined).join(' · '),
    description: descriptionOf(
      reading?.confirmed ?? ecg.confirmed,
      plan,
      [`${speed} mm/s, ${gain} mm/mV`, ...facts.filters, ...notes],
      messages,
    ),
    grid: GRID,
    strokes: drawing.strokes,
    frames: head.frames,
    texts: [...head.texts, ...drawing.texts, ...foot],
  };
}

function beginOf({ fromSeconds = 0 }: PageRequest, { seconds }: Recording): number {
  return fromSeconds > 0 && fromSeconds < seconds ? fromSeconds : 0;
}

function rhythmLeadsOf({ rhythmLeads = [] }: PageRequest, { pieces }: Recording): readonly string[] {
  if (rhythmLeads.length > 0) return rhythmLeads.map(leadLabel);
  const held = new Set(pieces.map(({ label }) => label));
  const usual = RHYTHM_LEADS.filter((lead) => held.has(lead));
  if (usual.length > 0) return usual;
  return held.size > 0 ? [...held].slice(0, 3) : RHYTHM_LEADS;
}

/** Absent when all of the recording is on the page. */
function shownOf({ from, to }: PagePlan, { seconds }: Recording) {
  const isWhole = from === 0 && seconds <= to + 0.01;
  return isWhole || seconds === 0 ? undefined : { from, to: Math.min(to, seconds), of: seconds };
}

function alsoRecorded({ pieces }: Recording, { rows }: PagePlan, messages: Messages): readonly string[] {
  const shown = new Set(rows.flatMap(({ places }) => places.map(({ lead }) => lead)));
  const isShown = (label: string) =>
    shown.has(label) || (label === 'aVR' && shown.has('-aVR')) || (label === '-aVR' && shown.has('aVR'));
  const others = [...new Set(pieces.filter(({ lead }) => lead.derived !== true).map(({ label }) => label))];
  const left = others.filter((label) => !isShown(label));
  return left.length === 0 ? [] : [messages.alsoRecorded(left.slice(0, 12).map(printedLead).join(messages.comma))];
}

/** For those who hear the page: leads, seconds and what the foot says; nobody's name. */
function descriptionOf(
  confirmed: Ecg['confirmed'],
  plan: PagePlan,
  facts: readonly string[],
  messages: Messages,
): string {
  const leads = [...new Set(plan.rows.flatMap(({ places }) => places.map(({ lead }) => printedLead(lead))))];
  const state =
    confirmed === 'confirmed'
      ? messages.confirmed
      : confirmed === 'unconfirmed'
        ? messages.unconfirmed
        : messages.notStatedConfirmed;
  const seconds = `${secondsText(plan.from)}–${secondsText(plan.to)} s`;
  return [leads.join(messages.comma), seconds, state, ...facts].join(messages.stop);
}
