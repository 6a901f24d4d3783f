/** An ECG in the making, and what becomes of it: limits, derived limb leads, and a problem where nothing can be shown. */
import { LIMITS } from '../../base/limits.ts';
import type { Parsed } from '../../base/problem.ts';
import { createProblemList, type ProblemList } from '../../base/problem-list.ts';
import { withDerivedLeads } from '../../signals/derive-leads.ts';
import type {
  Ecg,
  EcgAcquisition,
  EcgDevice,
  EcgFilters,
  EcgFormat,
  EcgGroup,
  EcgLead,
  EcgMeasurement,
  EcgPatient,
  EcgStatement,
} from '../../terms/parsed/ecg.ts';
import { ZERO } from './values.ts';

export interface EcgDraft {
  readonly format: EcgFormat;
  readonly problems: ProblemList;
  version?: string;
  readonly groups: EcgGroup[];
  readonly medians: EcgGroup[];
  patient: EcgPatient;
  acquisition: EcgAcquisition;
  device: EcgDevice;
  filters: EcgFilters;
  readonly measurements: EcgMeasurement[];
  readonly statements: EcgStatement[];
  confirmed?: 'confirmed' | 'unconfirmed';
}

export function draftOf(format: EcgFormat): EcgDraft {
  return {
    format,
    problems: createProblemList('ecg/more-problems'),
    groups: [],
    medians: [],
    patient: { identifiers: [], at: '' },
    acquisition: {},
    device: {},
    filters: {},
    measurements: [],
    statements: [],
  };
}

/** The value, unless it holds neither leads nor anything said of them. */
export function finish(draft: EcgDraft): Parsed<Ecg> {
  const { problems, groups, medians, measurements, statements, version, confirmed, ...rest } = draft;
  if (groups.length === 0) problems.add('ecg/no-leads', isEmpty(draft) ? 'fatal' : 'error', '');
  if (measurements.length > LIMITS.ecgAnnotationsMax || statements.length > LIMITS.ecgAnnotationsMax)
    problems.add('ecg/too-many-annotations', 'error', '');
  const value: Ecg = {
    ...rest,
    ...(version === undefined ? {} : { version }),
    groups: groups.map((group) => completed(group, problems)),
    medians: medians.map((group) => completed(group, problems)),
    measurements: measurements.slice(0, LIMITS.ecgAnnotationsMax),
    statements: statements.slice(0, LIMITS.ecgAnnotationsMax),
    ...(confirmed === undefined ? {} : { confirmed }),
  };
  const told = problems.list();
  return { value: told.some(({ severity }) => severity === 'fatal') ? undefined : value, problems: told };
}

/** A failure before anything could be read. */
export function unreadable(draft: EcgDraft, code: string, at: string): Parsed<Ecg> {
  draft.problems.add(code, 'fatal', at);
  return { value: undefined, problems: draft.problems.list() };
}

function isEmpty({ medians, measurements, statements }: EcgDraft): boolean {
  return medians.length === 0 && measurements.length === 0 && statements.length === 0;
}

function completed(group: EcgGroup, problems: ProblemList): EcgGroup {
  return { ...group, leads: withDerivedLeads(group.leads.map((lead) => measurable(lead, problems))) };
}

/** Without its scale where the file states one of 0, or one beyond all measure. */
function measurable(lead: EcgLead, problems: ProblemList): EcgLead {
  const { scale, ...rest } = lead;
  if (scale === undefined) return lead;
  const [unit, zero] = [Math.abs(Number(scale)), Number(lead.offset)];
  if (unit > 0 && Number.isFinite(unit) && Number.isFinite(zero)) return lead;
  problems.add('ecg/scale-missing', 'error', lead.at);
  return { ...rest, offset: ZERO };
}
