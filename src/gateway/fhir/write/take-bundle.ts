/** Bundles (R4 http.html#transaction, messaging.html): a transaction whole, a batch entry by entry, a message by identifiers. */
import { LIMITS } from '../../../base/limits.ts';
import { done, type Outcome, refuse } from '../../../base/outcome.ts';
import type { Problem } from '../../../base/problem.ts';
import { checkResource } from '../../../formats/fhir/check.ts';
import { filterNarrative } from '../../../formats/fhir/narrative.ts';
import { readFhir } from '../../../formats/fhir/read.ts';
import type { Identifier } from '../../../terms/fhir.ts';
import type { FhirCaller } from '../../../terms/fhir-caller.ts';
import type { Gateway } from '../../gateway.ts';
import type { Fields } from '../present.ts';
import { fhirRefusal } from '../refusals.ts';
import { type EntryAnswer, messageAnswer, writtenAnswer } from './bundle-answer.ts';
import type { Draft, Wish, Written } from './draft.ts';
import { checked, notValid } from './read-drafts.ts';
import { takeUnit } from './take.ts';
import { wishOf } from './write-resource.ts';

export interface BundleRequest {
  readonly bytes: Uint8Array;
  readonly base: string;
  /** The whole resource stands in each answer, unless the client wants little. */
  readonly minimal: boolean;
  /** Answers a GET of the bundle, after what it writes. */
  readonly get: (url: string) => Promise<EntryAnswer>;
}

export interface BundleTaken {
  /** `message`: the text is the whole answer. */
  readonly type: 'transaction-response' | 'batch-response' | 'message';
  readonly entries: readonly EntryAnswer[];
  readonly text?: string;
  readonly problems: readonly Problem[];
}

interface Entry {
  readonly fullUrl?: string;
  readonly resource?: Fields & { readonly resourceType: string };
  readonly request?: {
    readonly method: string;
    readonly url: string;
    readonly ifNoneExist?: string;
    readonly ifMatch?: string;
  };
}

export async function takeBundle(
  gateway: Gateway,
  caller: FhirCaller,
  request: BundleRequest,
): Promise<Outcome<BundleTaken>> {
  const read = readFhir(request.bytes);
  if (read.value === undefined) return notValid(read.problems);
  const bundle = read.value as unknown as Fields;
  if (bundle['resourceType'] !== 'Bundle') return refuse(fhirRefusal('gateway/bundle-type', 'Resource.resourceType'));
  const entries = (Array.isArray(bundle['entry']) ? bundle['entry'] : []) as readonly Entry[];
  if (entries.length > LIMITS.fhirEntriesMax) return refuse(fhirRefusal('gateway/too-many-entries', 'Bundle.entry'));
  switch (bundle['type']) {
    case 'transaction':
      return transaction(gateway, caller, request, { bundle, entries });
    case 'batch':
      return batch(gateway, caller, request, { bundle, entries });
    case 'message':
      return message(gateway, caller, request, { bundle, entries });
    default:
      return refuse(fhirRefusal('gateway/bundle-type', 'Bundle.type'));
  }
}

interface Read {
  readonly bundle: Fields;
  readonly entries: readonly Entry[];
}

async function transaction(
  gateway: Gateway,
  caller: FhirCaller,
  request: BundleRequest,
  { bundle, entries }: Read,
): Promise<Outcome<BundleTaken>> {
  const faults = checkResource(bundle);
  if (faults.length > 0) return notValid(faults);
  const drafts: Draft[] = [];
  const problems: Problem[] = [];
  for (const [place, entry] of entries.entries()) {
    if (entry.request?.method === 'GET') continue;
    const draft = draftOf(entry, `Bundle.entry[${place}]`);
    if (!draft.ok) return draft;
    drafts.push(draft.value.draft);
    problems.push(...draft.value.problems);
  }
  const answersOf = (written: readonly Written[]): EntryAnswer[] => written.map((one) => writtenAnswer(one, request));
  const identifier = identifierText(bundle['identifier'] as Identifier | undefined);
  const taken = await takeUnit(gateway, caller, {
    bytes: request.bytes,
    drafts,
    identifier,
    problems,
    base: request.base,
    answer: (written) => (identifier === '' ? '' : JSON.stringify(answersOf(written))),
  });
  if (!taken.ok) return taken;
  const { resend, text } = taken.value;
  const written = resend ? (JSON.parse(text) as EntryAnswer[]) : answersOf(taken.value.written);
  const answers: EntryAnswer[] = [];
  for (const entry of entries) {
    answers.push(
      entry.request?.method === 'GET' ? await request.get(entry.request.url) : (written.shift() as EntryAnswer),
    );
  }
  return done({ type: 'transaction-response', entries: answers, problems });
}

/** Each entry stands for itself: one that is refused leaves the others alone. */
async function batch(
  gateway: Gateway,
  caller: FhirCaller,
  request: BundleRequest,
  { bundle, entries }: Read,
): Promise<Outcome<BundleTaken>> {
  const shell = entries.map((entry): object => {
    if (typeof entry !== 'object' || entry === null) return entry;
    const { resource: _resource, ...rest } = entry;
    return rest;
  });
  const faults = checkResource({ ...bundle, ...(shell.length === 0 ? {} : { entry: shell }) });
  if (faults.length > 0) return notValid(faults);
  const answers: EntryAnswer[] = [];
  for (const [place, entry] of entries.entries()) {
    answers.push(
      entry.request?.method === 'GET'
        ? await request.get(entry.request.url)
        : await one(gateway, caller, request, { entry, at: `Bundle.entry[${place}]` }),
    );
  }
  return done({ type: 'batch-response', entries: answers, problems: [] });
}

async function one(
  gateway: Gateway,
  caller: FhirCaller,
  request: BundleRequest,
  { entry, at }: { readonly entry: Entry; readonly at: string },
): Promise<EntryAnswer> {
  const valid = entry.resource === undefined ? undefined : checked(entry.resource);
  const draft = valid?.ok === false ? valid : draftOf(entry, at);
  if (!draft.ok) return { refusal: draft.refusal };
  const { draft: sent, problems } = draft.value as { draft: Draft; problems: readonly Problem[] };
  const taken = await takeUnit(gateway, caller, {
    bytes: new TextEncoder().encode(JSON.stringify(entry)),
    drafts: [sent],
    identifier: '',
    problems,
    base: request.base,
    answer: () => '',
  });
  return taken.ok ? writtenAnswer(taken.value.written[0] as Written, request) : { refusal: taken.refusal };
}

/** Every resource is what its identifier says: known ones are brought up to date (R4 messaging.html 2.29: a consequence). */
async function message(
  gateway: Gateway,
  caller: FhirCaller,
  request: BundleRequest,
  { bundle, entries }: Read,
): Promise<Outcome<BundleTaken>> {
  const faults = checkResource(bundle);
  if (faults.length > 0) return notValid(faults);
  const [header, ...others] = entries;
  const problems: Problem[] = [];
  const drafts = others.flatMap((entry, place): Draft[] => {
    if (entry.resource === undefined) return [];
    const { resource, problems: told } = filterNarrative(entry.resource);
    problems.push(...told);
    return [
      {
        type: resource.resourceType,
        resource,
        at: `Bundle.entry[${place + 1}].resource`,
        wish: byIdentifier(resource),
        addresses: addressesOf(entry),
      },
    ];
  });
  const named =
    identifierText(bundle['identifier'] as Identifier | undefined) ||
    ((header?.resource?.['id'] as string | undefined) ?? '');
  const taken = await takeUnit(gateway, caller, {
    bytes: request.bytes,
    drafts,
    identifier: named,
    problems,
    base: request.base,
    answer: () => messageAnswer(gateway, header?.resource ?? {}, request.base),
  });
  return taken.ok ? done({ type: 'message', entries: [], text: taken.value.text, problems }) : taken;
}

function byIdentifier(resource: Fields): Wish {
  const { identifier } = resource as { identifier?: readonly Identifier[] };
  const first = Array.isArray(identifier)
    ? (identifier as readonly Identifier[]).find(({ value }) => value !== undefined)
    : undefined;
  return first === undefined || resource['resourceType'] === 'Patient'
    ? { kind: 'create' }
    : { kind: 'put-by', tokens: [tokenOf(first)] };
}

function tokenOf({ system = '', value = '' }: Identifier): string {
  const escaped = (text: string): string => text.replaceAll(/[\\,|$]/g, String.raw`\$&`);
  return `${escaped(system)}|${escaped(value)}`;
}

function draftOf(entry: Entry, at: string): Outcome<{ readonly draft: Draft; readonly problems: readonly Problem[] }> {
  const { request, resource } = entry;
  const [, type = '', id, condition] =
    /^([A-Z][A-Za-z]{1,40})(?:\/([A-Za-z0-9.-]{1,64}))?(?:\?(.*))?$/.exec(request?.url ?? '') ?? [];
  const isCreate = request?.method === 'POST' && id === undefined && condition === undefined;
  const isUpdate = request?.method === 'PUT' && (id === undefined) !== (condition === undefined);
  if (resource === undefined || resource.resourceType !== type || (!isCreate && !isUpdate)) {
    return refuse(fhirRefusal('gateway/bad-bundle-entry', `${at}.request`));
  }
  const wish = wishOf({
    ...(id === undefined ? {} : { id }),
    ...(condition === undefined ? {} : { condition }),
    ...(request?.ifMatch === undefined ? {} : { ifMatch: request.ifMatch }),
    ...(request?.ifNoneExist === undefined ? {} : { ifNoneExist: request.ifNoneExist }),
  });
  if (wish === undefined) return refuse(fhirRefusal('gateway/bad-condition', `${at}.request`));
  const { resource: plain, problems } = filterNarrative(resource);
  const draft = { type, resource: plain, at: `${at}.resource`, wish, addresses: addressesOf(entry) };
  return done({ draft, problems });
}

/** A new resource's id is the sender's own name for it: others of the bundle may refer to it (R4 bundle.html#references). */
function addressesOf({ fullUrl, resource, request }: Entry): readonly string[] {
  const id = resource?.['id'];
  const relative = typeof id === 'string' && request?.method !== 'PUT' ? [`${resource?.resourceType}/${id}`] : [];
  return fullUrl === undefined ? relative : [fullUrl, ...relative];
}

function identifierText(identifier: Identifier | undefined): string {
  return identifier?.value === undefined ? '' : tokenOf(identifier);
}
