/**
 * Merges what a message says of a report into the container that holds it: a new version, nothing new, or a conflict
 * (SETTLED 19 to 21). Pure; element by element.
 */
import { printResource } from '../base/json.ts';
import type { Problem } from '../base/problem.ts';
import type { ContainerElement, ContainerVersion } from '../terms/container.ts';
import type { FacilityId, FacilityProfile } from '../terms/facility.ts';
import type { DiagnosticReport, Resource } from '../terms/fhir.ts';
import type { Instant } from '../terms/instant.ts';
import type { MappedElement, MappedReport } from '../terms/mapped.ts';
import { conflictWith } from './conflict.ts';
import { joinComponents, joinMembers } from './join-components.ts';
import { liftsRetraction, objection, rankOf } from './precedence.ts';
import { asShown, asStated, joinReports } from './report-element.ts';
import { asRetracted, hasValue } from './retract.ts';

export interface MergeContext {
  readonly facility: FacilityId;
  /** Id of the facility's Patient, '' without one; an existing container keeps its own. */
  readonly patient: string;
  readonly profile: FacilityProfile;
  readonly arrivedAt: Instant;
  /** The message's Patient is the container's, or another of the same Person. True for a first sight. */
  readonly samePatient: boolean;
}

export type Merged =
  | { readonly kind: 'unchanged'; readonly problems: readonly Problem[] }
  | { readonly kind: 'conflict'; readonly problems: readonly Problem[] }
  | {
      readonly kind: 'new-version';
      readonly version: ContainerVersion;
      /** Keys of elements that are new or whose text changed. */
      readonly changed: readonly string[];
      /** Keys of Observations that this version retracted. */
      readonly retired: readonly string[];
      readonly problems: readonly Problem[];
    };

/**
 * `unchanged`: no element says anything new and none was stated later than known. A later statement of the same
 * content makes a version whose `changed` is empty: else a late message from between the two would win.
 */
export function mergeReport(
  previous: ContainerVersion | undefined,
  incoming: MappedReport,
  context: MergeContext,
): Merged {
  const conflict = previous === undefined ? undefined : conflictWith(previous, incoming, context);
  if (conflict !== undefined) return { kind: 'conflict', problems: conflict };
  const draft = new Draft(previous, incoming, context);
  draft.takeAll(incoming);
  return draft.finish(incoming, context);
}

/** A version in the making. Its elements keep their order; new ones come behind. */
class Draft {
  private readonly previous: ContainerVersion | undefined;
  private readonly statedAt: Instant;
  private readonly elements: Map<string, ContainerElement>;
  private readonly problems: Problem[] = [];
  /** When an element was last stated before this message; '' for a first sight. */
  private readonly newest: Instant | '';
  private readonly isSnapshot: boolean;

  constructor(previous: ContainerVersion | undefined, incoming: MappedReport, context: MergeContext) {
    this.previous = previous;
    this.statedAt = incoming.statedAt ?? context.arrivedAt;
    this.isSnapshot = context.profile.update === 'snapshot';
    const known = previous?.elements ?? [];
    this.elements = new Map(known.map((element) => [element.key, asStated(element)]));
    this.newest = known.reduce<Instant | ''>(
      (last, element) => (element.statedAt > last ? element.statedAt : last),
      '',
    );
  }

  takeAll({ elements, retracted }: MappedReport): void {
    for (const element of elements) this.take(element);
    if (retracted) this.retractReport();
    if (this.isSnapshot) this.retractAbsent(elements);
  }

  private take(element: MappedElement): void {
    const { key, resource } = element;
    const stored = this.elements.get(key);
    if (stored === undefined) return this.takeNew(element);
    const rank = rankOf(resource);
    const refused = objection(
      { rank: rankOf(stored.resource), statedAt: stored.statedAt },
      { rank, statedAt: this.statedAt, lifts: liftsRetraction(rank, element.statusLetter) },
    );
    if (key === '') {
      const rule = { incomingWins: refused === undefined, keepsAttachments: !this.isSnapshot };
      const [known, told] =
        element.joins === true ? joined(stored.resource, resource, refused) : [stored.resource, resource];
      this.elements.set(
        key,
        joinReports({ ...stored, resource: known }, { resource: told, statedAt: this.statedAt }, rule),
      );
    } else if (refused === 'registry/older-than-known' && element.joins === true) {
      // An older statement fills what was never seen.
      this.elements.set(key, { ...stored, resource: joinComponents(resource, stored.resource) });
    } else if (refused === undefined) {
      this.elements.set(key, { ...stored, statedAt: this.statedAt, resource: after(stored, element) });
    }
    if (refused !== undefined && saysOther(stored.resource, resource)) this.object(refused, element);
  }

  /** An element never seen. What newer snapshots had no more is kept as entered in error. */
  private takeNew(element: MappedElement): void {
    const { key, resource } = element;
    const { newest, statedAt } = this;
    const isGone = this.isSnapshot && newest !== '' && statedAt < newest && resource.resourceType === 'Observation';
    if (!isGone) {
      this.elements.set(key, { key, version: 0, statedAt, resource });
      return;
    }
    this.elements.set(key, { key, version: 0, statedAt: newest, resource: asRetracted(resource) });
    this.object('registry/older-than-known', element);
  }

  /** OBR-25 X, D or W, remembered even when the report is final again: it holds for results that come late. */
  private retractReport(): void {
    const report = this.elements.get('');
    if (report === undefined) return;
    const { retractedAt = this.statedAt } = report;
    this.elements.set('', { ...report, retractedAt: retractedAt > this.statedAt ? retractedAt : this.statedAt });
  }

  /** `snapshot`: what a newer message does not have is retracted. */
  private retractAbsent(present: readonly MappedElement[]): void {
    const keys = new Set(present.map(({ key }) => key));
    for (const [key, element] of this.elements) {
      const { resource, statedAt } = element;
      if (resource.resourceType !== 'Observation' || keys.has(key) || statedAt > this.statedAt) continue;
      this.elements.set(key, { ...element, statedAt: this.statedAt, resource: asRetracted(resource) });
    }
  }

  finish(incoming: MappedReport, context: MergeContext): Merged {
    const { previous, problems } = this;
    const known = new Map((previous?.elements ?? []).map((element) => [element.key, element]));
    const version = (previous?.version ?? 0) + 1;
    const changed: string[] = [];
    const retired: string[] = [];
    let restated = false;
    const elements = asShown([...this.elements.values()]).map((element) => {
      const before = known.get(element.key);
      if (before === element) return element;
      if (before !== undefined && printResource(before.resource) === printResource(element.resource)) {
        restated ||= isRestated(before, element);
        return { ...element, version: before.version };
      }
      changed.push(element.key);
      if (before !== undefined && isRetracted(element) && !isRetracted(before)) retired.push(element.key);
      return { ...element, version };
    });
    if (changed.length === 0 && !restated) return { kind: 'unchanged', problems };
    const collectedAt = this.collectedAt(incoming, elements);
    return {
      kind: 'new-version',
      version: {
        kind: incoming.kind ?? 'report',
        bucket: previous?.bucket ?? incoming.bucket,
        id: previous?.id ?? incoming.id,
        version,
        facility: previous?.facility ?? context.facility,
        patient: previous === undefined || previous.patient === '' ? context.patient : previous.patient,
        ...(collectedAt === undefined ? {} : { collectedAt }),
        elements,
      },
      changed,
      retired,
      problems,
    };
  }

  /** The collection time of the statement that the report's own element comes from. */
  private collectedAt(incoming: MappedReport, elements: readonly ContainerElement[]): Instant | undefined {
    const known = this.previous?.collectedAt;
    const isCurrent = elements.find(({ key }) => key === '')?.statedAt === this.statedAt;
    return isCurrent ? (incoming.collectedAt ?? known) : (known ?? incoming.collectedAt);
  }

  private object(code: Problem['code'], { at }: MappedElement): void {
    this.problems.push({ code, severity: code === 'registry/older-than-known' ? 'information' : 'warning', at });
  }
}

/** Of a report: the stored and the told one, each with the members that it leaves out; nothing from what is not to be taken. */
function joined(
  stored: ContainerElement['resource'],
  told: ContainerElement['resource'],
  refused: Problem['code'] | undefined,
): readonly [ContainerElement['resource'], ContainerElement['resource']] {
  if (refused === undefined) return [stored, joinMembers(stored, told)];
  return [refused === 'registry/older-than-known' ? joinMembers(told, stored) : stored, told];
}

/** What an element holds once a statement of it is taken. */
function after(
  stored: ContainerElement,
  { resource, statusLetter, joins }: MappedElement,
): ContainerElement['resource'] {
  if (resource.resourceType !== 'Observation') return resource;
  if (joins === true) return joinComponents(stored.resource, resource);
  // A retracted result keeps its last value (SETTLED 20), whatever the retraction carries.
  if (rankOf(resource) === 'retracted') return asRetracted(stored.resource);
  // U: the result became final and its value is not sent again (HL7 table 0085).
  if (statusLetter === 'U' && !hasValue(resource) && hasValue(stored.resource)) {
    return { ...stored.resource, status: 'final' } as ContainerElement['resource'];
  }
  return resource;
}

/** Stated again without a change to see: remembered, for what arrives later. */
function isRestated(before: ContainerElement, now: ContainerElement): boolean {
  return (
    before.statedAt !== now.statedAt ||
    before.statedStatus !== now.statedStatus ||
    before.retractedAt !== now.retractedAt
  );
}

function isRetracted({ resource }: ContainerElement): boolean {
  return resource.resourceType === 'Observation' && rankOf(resource) === 'retracted';
}

/** False when a refused statement repeats what is known: a resend is no problem. */
function saysOther(stored: Resource, told: Resource): boolean {
  const { result, specimen } = stored as DiagnosticReport;
  const isReport = stored.resourceType === 'DiagnosticReport';
  return printResource(isReport ? { ...told, result, specimen } : told) !== printResource(stored);
}
