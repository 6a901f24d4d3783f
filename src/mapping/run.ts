/** What mapping one message carries along: its context, its problems, and the shared resources that it names. */
import type { CodeableConcept, Coding, Reference } from 'fhir/r4';
import { LIMITS } from '../base/limits.ts';
import type { Problem, Severity } from '../base/problem.ts';
import type { Bucket } from '../terms/bucket.ts';
import type { IdSource } from '../terms/directory.ts';
import type { FacilityId, FacilityProfile } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { MappedShared } from '../terms/mapped.ts';
import { type CodeTable, lookUp } from './code-table.ts';
import type { Reading } from './reading.ts';
import { type SharedDraft, sharedKey, sharedKind } from './shared-key.ts';
import { facilityCodeSystem, facilityIdentifierSystem } from './systems.ts';

export interface MapContext {
  readonly facility: FacilityId;
  /** IANA zone of timestamps that carry none. */
  readonly zone: string;
  readonly profile: FacilityProfile;
  readonly ids: IdSource;
  readonly receivedAt?: Instant;
}

export class Run {
  readonly context: MapContext;
  readonly zone: string;
  readonly localCodeSystem: string;
  readonly localIdentifierSystem: string;
  readonly problems: Problem[] = [];
  /** Where the first time without zone stood; '' while all had one. */
  zoneAssumedAt = '';
  /** True since the flag was last lowered: per report, or for the header. */
  zoneAssumed = false;
  #more = 0;
  #shared: MappedShared[] = [];
  readonly #references = new Map<string, string>();
  readonly #systems = new Map<string, string>();

  constructor(context: MapContext) {
    this.context = context;
    this.zone = context.zone;
    this.localCodeSystem = facilityCodeSystem(context.facility);
    this.localIdentifierSystem = facilityIdentifierSystem(context.facility);
  }

  problem(code: string, severity: Severity, at: string): void {
    if (this.problems.length < LIMITS.problemsMax) this.problems.push({ code, severity, at });
    else this.#more += 1;
  }

  /** All problems, with a closing one when some were only counted. */
  allProblems(): readonly Problem[] {
    if (this.#more === 0) return this.problems;
    return [...this.problems, { code: 'mapping/more-problems', severity: 'warning', at: `${this.#more} more` }];
  }

  noteAssumedZone(at: () => string): void {
    this.zoneAssumed = true;
    if (this.zoneAssumedAt === '') this.zoneAssumedAt = at();
  }

  /** The code that a table gives; without one the problem says so. */
  code(
    table: CodeTable,
    text: string,
    s: Reading,
    field: number,
    repetition: number,
    component: number,
  ): string | undefined {
    const target = lookUp(table, text);
    if (target === undefined) this.problem('mapping/code-unknown', 'warning', s.at(field, component, repetition));
    return target?.code;
  }

  coding(
    table: CodeTable,
    text: string,
    s: Reading,
    field: number,
    repetition: number,
    component: number,
  ): Coding | undefined {
    const target = lookUp(table, text);
    if (target === undefined) this.problem('mapping/code-unknown', 'warning', s.at(field, component, repetition));
    return target;
  }

  /** As `coding`, within a concept. */
  concept(
    table: CodeTable,
    text: string,
    s: Reading,
    field: number,
    repetition: number,
    component: number,
  ): CodeableConcept | undefined {
    const coding = this.coding(table, text, s, field, repetition, component);
    return coding === undefined ? undefined : { coding: [coding] };
  }

  /** A URI for the facility's own code system of that name, made once per message. */
  codeSystemNamed(name: string): string {
    let system = this.#systems.get(name);
    if (system === undefined) this.#systems.set(name, (system = facilityCodeSystem(this.context.facility, name)));
    return system;
  }

  identifierSystemNamed(name: string): string {
    return facilityIdentifierSystem(this.context.facility, name);
  }

  /** Gives a shared resource its id, keeps it once, and refers to it. */
  share(draft: SharedDraft): Reference {
    const key = sharedKey(draft);
    if (key === undefined) return textReference(draft);
    const kind = sharedKind(draft);
    const known = this.#references.get(`${kind} ${key}`);
    if (known !== undefined) return { reference: known };
    const { ids } = this.context;
    const { id, bucket } = ids.idOf(kind, key, ids.sharedBucketOf(kind, key));
    const reference = `${draft.resourceType}/${id}`;
    this.#references.set(`${kind} ${key}`, reference);
    this.#shared.push({ bucket, resource: { ...draft, id } });
    return { reference };
  }

  /** Keeps a resource of a patient beside the others, in the patient's bucket. */
  keep(bucket: Bucket, resource: MappedShared['resource']): void {
    this.#shared.push({ bucket, resource });
  }

  /** What was shared since the last call. */
  takeShared(): readonly MappedShared[] {
    const taken = this.#shared;
    this.#shared = [];
    return taken;
  }
}

/** Something without number and name cannot be told from others: it is referred to by nothing but its kind. */
function textReference(draft: SharedDraft): Reference {
  return { type: draft.resourceType };
}
