/** What mapping one message carries along: its context, its problems, and the shared resources that it names. */
import type { CodeableConcept, Coding, Reference } from 'fhir/r4';
import { LIMITS } from '../base/limits.ts';
import type { Problem, Severity } from '../base/problem.ts';
import type { Bucket } from '../terms/bucket.ts';
import type { DirectoryKind, IdSource } from '../terms/directory.ts';
import type { FacilityId, FacilityProfile } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { MappedShared } from '../terms/mapped.ts';
import { type CodeTable, lookUp } from './code-table.ts';
import type { UnitText } from './datatypes/units.ts';
import type { Reading } from './reading.ts';
import { type Memory, memoryOf } from './recall.ts';
import { type SharedDraft, sharedKey, sharedKind } from './shared-key.ts';

export interface MapContext {
  readonly facility: FacilityId;
  /** IANA zone of timestamps that carry none. */
  readonly zone: string;
  readonly profile: FacilityProfile;
  readonly ids: IdSource;
  readonly receivedAt?: Instant;
}

/** A function of a whole value: repetition of a field, or a component of it. */
export type PlaceFunction<T> = (
  s: Reading,
  field: number,
  repetition: number,
  component: number,
  run: Run,
) => T | undefined;

const NO_FIELDS: readonly number[] = [];

export class Run {
  readonly context: MapContext;
  readonly zone: string;
  readonly localCodeSystem: string;
  readonly localIdentifierSystem: string;
  readonly memory: Memory;
  readonly problems: Problem[] = [];
  /** Where the first time without zone stood; '' while all had one. */
  zoneAssumedAt = '';
  /** True since the flag was last lowered: per report, or for the header. */
  zoneAssumed = false;
  /** The unit of the OBX that was looked at last: its value, its range and its problem all want it. */
  unitSegment: Reading | undefined;
  unit: UnitText | undefined;
  #more = 0;
  readonly #told = new Set<string>();
  #shared: MappedShared[] = [];
  readonly #references = new Map<DirectoryKind, Map<string, string>>();
  readonly #referred = new Map<
    unknown,
    Map<string, { readonly reference: Reference | undefined; readonly seen: readonly number[] }>
  >();

  constructor(context: MapContext) {
    this.context = context;
    this.zone = context.zone;
    this.memory = memoryOf(context.facility);
    this.localCodeSystem = this.memory.localCodeSystem;
    this.localIdentifierSystem = this.memory.localIdentifierSystem;
  }

  /** Told once per place, however many elements the field feeds. */
  problem(code: string, severity: Severity, at: string): void {
    const key = `${code} ${at}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
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

  /** `make` for the field's first repetition, or what it gave for the same text before. */
  recall<T>(s: Reading, field: number, make: PlaceFunction<T>): T | undefined {
    const known = this.memory.find(s, field, make);
    if (known !== undefined) return known.value as T | undefined;
    const fresh = s.seen(field) === 0;
    const told = this.problems.length;
    const value = make(s, field, 1, 0, this);
    if (fresh && this.problems.length === told) this.memory.keep(s, field, make, value);
    return value;
  }

  /** Refers to what `make` gives for a repetition of the field; within one message the same text is the same resource. */
  refer(
    s: Reading,
    field: number,
    repetition: number,
    make: PlaceFunction<SharedDraft>,
    also: readonly number[] = NO_FIELDS,
  ): Reference | undefined {
    if (repetition !== 1 || !s.isPlain(field)) return this.#sharedBy(make(s, field, repetition, 0, this));
    let texts = this.#referred.get(make);
    if (texts === undefined) this.#referred.set(make, (texts = new Map()));
    let text = s.raw(field);
    for (const other of also) text += `\n${s.raw(other)}`;
    const known = texts.get(text);
    if (known !== undefined) {
      s.markSeen(field, known.seen[0] as number);
      also.forEach((other, i) => s.markSeen(other, known.seen[i + 1] as number));
      return known.reference;
    }
    const reference = this.#sharedBy(make(s, field, 1, 0, this));
    texts.set(text, { reference, seen: [s.readOf(field), ...also.map((other) => s.seen(other))] });
    return reference;
  }

  #sharedBy(draft: SharedDraft | undefined): Reference | undefined {
    if (draft === undefined) return undefined;
    const reference = this.share(draft);
    // The registry looks for the performer by its name, without reading the Organization.
    if (draft.resourceType === 'Organization' && draft.name !== undefined) reference.display = draft.name;
    return reference;
  }

  /** A URI for the facility's own code system of that name. */
  codeSystemNamed(name: string): string {
    return this.memory.codeSystemNamed(name);
  }

  identifierSystemNamed(name: string): string {
    return this.memory.identifierSystemNamed(name);
  }

  /** Gives a shared resource its id, keeps it once, and refers to it. */
  share(draft: SharedDraft): Reference {
    const key = sharedKey(draft);
    if (key === undefined) return textReference(draft);
    const kind = sharedKind(draft);
    let references = this.#references.get(kind);
    if (references === undefined) this.#references.set(kind, (references = new Map()));
    const known = references.get(key);
    if (known !== undefined) return { reference: known };
    const { ids } = this.context;
    const { id, bucket } = ids.idOf(kind, key, ids.sharedBucketOf(kind, key));
    const reference = `${draft.resourceType}/${id}`;
    references.set(key, reference);
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
