/** Bundles as texts (R4 bundle.html): stored texts go out as they are, so that a page costs no printing. */
import { printResource } from '../../base/json.ts';
import type { Found } from '../../gateway/fhir/found.ts';
import { presentFields, presentText } from '../../gateway/fhir/present.ts';
import type { SearchPage } from '../../gateway/fhir/search-resources.ts';
import { isWhole, shaped } from '../../search/shape.ts';
import type { SearchQuery } from '../../search/query.ts';
import type { StoredResource } from '../../terms/stored-resource.ts';
import { issueOfRefusal, outcomeText } from './fhir-response.ts';
import { SENTENCES } from '../../search/problems.ts';

/** `base`: the address of the FHIR door, without a slash at its end. */
export function searchsetText(base: string, page: SearchPage): string {
  const { query } = page;
  const address = `${base}/${query.type}?_cursor=`;
  const links = [
    { relation: 'self', url: address + page.self },
    ...(page.next === undefined ? [] : [{ relation: 'next', url: address + page.next }]),
  ];
  const entries = [
    ...page.matches.map((found) => entryText(base, found, 'match', query)),
    ...page.included.map((found) => entryText(base, found, 'include', query)),
    ...(query.ignored.length === 0 ? [] : [passedOver(query.ignored)]),
  ];
  return bundleText('searchset', { links, entries, ...(page.total === undefined ? {} : { total: page.total }) });
}

export function bundleText(
  type: string,
  parts: { readonly entries: readonly string[]; readonly links?: readonly object[]; readonly total?: number },
): string {
  const total = parts.total === undefined ? '' : `,"total":${parts.total}`;
  const links = parts.links === undefined ? '' : `,"link":${JSON.stringify(parts.links)}`;
  // No empty arrays (R4 json.html).
  const entries = parts.entries.length === 0 ? '' : `,"entry":[${parts.entries.join(',')}]`;
  return `{"resourceType":"Bundle","type":"${type}"${total}${links}${entries}}`;
}

export function entryText(
  base: string,
  found: Found,
  mode: 'match' | 'include',
  query: Pick<SearchQuery, 'summary' | 'elements'> = WHOLE,
): string {
  const text = isWhole(query) ? presentText(found) : printResource(shaped(presentFields(found, found.resource), query));
  return `{"fullUrl":"${base}/${found.type}/${found.id}","resource":${text},"search":{"mode":"${mode}"}}`;
}

const WHOLE = { summary: 'false', elements: [] } as const;

function passedOver(names: readonly string[]): string {
  const code = 'search/not-served';
  const issue = issueOfRefusal({ category: 'unsupported', code, sentence: SENTENCES[code], at: names.join(', ') });
  return `{"resource":${outcomeText([{ ...issue, severity: 'warning' }])},"search":{"mode":"outcome"}}`;
}

/** R4 http.html#history: the newest first, each with what made it. */
export function historyText(base: string, versions: readonly StoredResource[]): string {
  const entries = versions.map((stored) => {
    const address = `${stored.type}/${stored.id}`;
    const request = {
      method: stored.version === 1 ? 'POST' : 'PUT',
      url: stored.version === 1 ? stored.type : address,
    };
    const response = {
      status: stored.version === 1 ? '201' : '200',
      etag: `W/"${stored.version}"`,
      lastModified: stored.lastUpdated,
    };
    return `{"fullUrl":"${base}/${address}","resource":${presentText(stored)},"request":${JSON.stringify(request)},"response":${JSON.stringify(response)}}`;
  });
  return bundleText('history', { entries, total: entries.length });
}
