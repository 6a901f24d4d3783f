/** SPM (with SAC), else OBR-15 and its neighbours → Specimen within its report (SETTLED 6). */
import type { Reference } from 'fhir/r4';
import type { Specimen } from '../terms/fhir.ts';
import { completeFromObr } from './complete-specimen.ts';
import { type ElementCounts, specimenKeyOf } from './element-key.ts';
import { obrToSpecimen } from './generated/obr-specimen.ts';
import { prtToSpecimen } from './generated/prt-specimen.ts';
import { sacToSpecimen } from './generated/sac-specimen.ts';
import { spmToSpecimen } from './generated/spm-specimen.ts';
import type { OrderGroup, SpecimenGroup } from './group.ts';
import { notesOf } from './notes.ts';
import type { Reading } from './reading.ts';
import type { Run } from './run.ts';

export interface SpecimenDraft {
  readonly group: SpecimenGroup | undefined;
  readonly key: string;
  readonly at: string;
  readonly resource: Specimen & { id: string };
  readonly reference: Reference;
}

/** The specimens of one order. What OBR says of collection completes a single SPM. */
export function mapSpecimens(
  order: OrderGroup,
  of: { readonly reportId: string; readonly subject: Reference | undefined; readonly request: Reference | undefined },
  run: Run,
): readonly SpecimenDraft[] {
  const counts: ElementCounts = new Map();
  const drafts = order.specimens.map((group) => draftOf(group, group.spm, fromSpm(group, run), counts, of, run));
  const { obr } = order;
  if (obr === undefined) return drafts;
  const [only] = drafts;
  if (drafts.length === 1 && only !== undefined) completeFromObr(only.resource, fromObr(obr, run), obr);
  else if (drafts.length === 0 && [9, 10, 14, 15].some((field) => obr.has(field))) {
    return [draftOf(undefined, obr, fromObr(obr, run), counts, of, run)];
  }
  return drafts;
}

function draftOf(
  group: SpecimenGroup | undefined,
  segment: Reading,
  resource: Specimen,
  counts: ElementCounts,
  of: { readonly reportId: string; readonly subject: Reference | undefined; readonly request: Reference | undefined },
  run: Run,
): SpecimenDraft {
  const key = specimenKeyOf(group?.spm, counts);
  const id = run.context.ids.elementIdOf(of.reportId, key);
  if (of.subject !== undefined) resource.subject = of.subject;
  if (of.request !== undefined) resource.request = [of.request];
  return { group, key, at: segment.where(), resource: { ...resource, id }, reference: { reference: `Specimen/${id}` } };
}

function fromSpm(group: SpecimenGroup, run: Run): Specimen {
  const resource: Specimen = { resourceType: 'Specimen' };
  spmToSpecimen(resource, group.spm, {}, run);
  for (const container of group.containers) sacToSpecimen(resource, container, {}, run);
  for (const participation of group.participations) prtToSpecimen(resource, participation, {}, run);
  const notes = notesOf(group.notes, run);
  if (notes !== undefined) (resource.note ??= []).push(...notes);
  return resource;
}

function fromObr(obr: Reading, run: Run): Specimen {
  const resource: Specimen = { resourceType: 'Specimen' };
  obrToSpecimen(resource, obr, {}, run);
  return resource;
}
