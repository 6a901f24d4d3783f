/** Create, conditional create, update and conditional update of one resource (R4 http.html#create, #update). */
import { done, type Outcome, refuse } from '../../../base/outcome.ts';
import type { Problem } from '../../../base/problem.ts';
import type { FhirCaller } from '../../../terms/fhir-caller.ts';
import type { Gateway } from '../../gateway.ts';
import { fhirRefusal } from '../refusals.ts';
import type { Wish, Written } from './draft.ts';
import { readChecked, tokensOf } from './read-drafts.ts';
import { takeUnit } from './take.ts';

export interface WriteRequest {
  readonly type: string;
  readonly bytes: Uint8Array;
  readonly base: string;
  /** Of a create: `If-None-Exist`. */
  readonly ifNoneExist?: string;
  /** Of an update: the id in the address, or the query of a conditional one. */
  readonly id?: string;
  readonly condition?: string;
  readonly ifMatch?: string;
}

export interface ResourceWritten {
  readonly written: Written;
  readonly problems: readonly Problem[];
}

export async function writeResource(
  gateway: Gateway,
  caller: FhirCaller,
  request: WriteRequest,
): Promise<Outcome<ResourceWritten>> {
  const read = readChecked(request.bytes);
  if (!read.ok) return read;
  const { resource, problems } = read.value;
  const { type } = request;
  if (resource.resourceType !== type) return refuse(fhirRefusal('gateway/type-mismatch', `${type}.resourceType`));
  if (request.id !== undefined && resource['id'] !== undefined && resource['id'] !== request.id) {
    return refuse(fhirRefusal('gateway/type-mismatch', `${type}.id`));
  }
  const wish = wishOf(request);
  if (wish === undefined) return refuse(fhirRefusal('gateway/bad-condition', 'condition'));
  const taken = await takeUnit(gateway, caller, {
    bytes: request.bytes,
    drafts: [{ type, resource, at: '', wish, addresses: [] }],
    identifier: '',
    problems,
    base: request.base,
    answer: () => '',
  });
  if (!taken.ok) return taken;
  return done({ written: taken.value.written[0] as Written, problems });
}

/** Undefined: its condition is not one that is taken. */
export function wishOf(request: Pick<WriteRequest, 'id' | 'condition' | 'ifMatch' | 'ifNoneExist'>): Wish | undefined {
  const { id, condition, ifNoneExist } = request;
  const ifMatch = request.ifMatch === undefined ? {} : { ifMatch: request.ifMatch };
  if (id !== undefined) return { kind: 'update', id, ...ifMatch };
  if (condition !== undefined) {
    const tokens = tokensOf(condition);
    return tokens === undefined ? undefined : { kind: 'put-by', tokens, ...ifMatch };
  }
  if (ifNoneExist === undefined) return { kind: 'create' };
  const tokens = tokensOf(ifNoneExist);
  return tokens === undefined ? undefined : { kind: 'create', ifNoneExist: tokens };
}
