/** Rules of a Bundle as a whole (R4 bundle.html#invs): what belongs to which type, and addresses that are given once. */
import type { Fields } from './check.ts';
import type { Fault } from './invariants.ts';

const WITH_REQUEST: ReadonlySet<unknown> = new Set(['batch', 'transaction', 'history']);
const WITH_RESPONSE: ReadonlySet<unknown> = new Set(['batch-response', 'transaction-response', 'history']);

export function faultOfBundle(bundle: Fields): readonly Fault[] {
  const { type, total, entry } = bundle;
  const faults: Fault[] = [];
  const broken = (at: string): void => void faults.push({ code: 'fhir/invariant', at });
  // bdl-1
  if (total !== undefined && type !== 'searchset' && type !== 'history') broken('total');
  const entries = (Array.isArray(entry) ? entry : []) as unknown[];
  const addresses = new Set<string>();
  entries.forEach((value, place) => {
    if (typeof value !== 'object' || value === null) return;
    const { fullUrl, resource, request, response, search } = value as Fields;
    const at = `entry[${place}]`;
    // bdl-2, bdl-3, bdl-4, bdl-5
    if (search !== undefined && type !== 'searchset') broken(`${at}.search`);
    if ((request !== undefined) !== WITH_REQUEST.has(type)) broken(`${at}.request`);
    if ((response !== undefined) !== WITH_RESPONSE.has(type)) broken(`${at}.response`);
    if (resource === undefined && request === undefined && response === undefined) broken(at);
    if (typeof fullUrl !== 'string') return;
    // bdl-7, bdl-8
    const version = ((resource as Fields | undefined)?.['meta'] as Fields | undefined)?.['versionId'];
    const key = `${fullUrl} ${typeof version === 'string' ? version : ''}`;
    if (addresses.has(key)) faults.push({ code: 'fhir/repeated-address', at: `${at}.fullUrl` });
    addresses.add(key);
    if (fullUrl.includes('/_history/')) broken(`${at}.fullUrl`);
    if (!agrees(fullUrl, resource)) faults.push({ code: 'fhir/address-and-id', at: `${at}.fullUrl` });
  });
  // bdl-11, bdl-12
  const [first] = entries as (Fields | undefined)[];
  const firstType = (first?.['resource'] as Fields | undefined)?.['resourceType'];
  if (type === 'message' && firstType !== 'MessageHeader') broken('entry[0].resource');
  if (type === 'document' && firstType !== 'Composition') broken('entry[0].resource');
  return faults;
}

/** R4 bundle.html#bundle-unique: an address that ends in type and id is the resource's own. */
function agrees(fullUrl: string, resource: unknown): boolean {
  const { resourceType, id } = (resource ?? {}) as Fields;
  const ending = /^https?:\/\/.*\/([A-Z][A-Za-z]{1,40})\/([A-Za-z0-9.-]{1,64})$/.exec(fullUrl);
  if (ending === null || typeof id !== 'string') return true;
  return ending[1] === resourceType && ending[2] === id;
}
