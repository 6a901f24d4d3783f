/** A stored resource as it goes out: its text with the `meta` that the server owns (R4 resource.html#Meta). */
import { printResource, readResource } from '../../base/json.ts';
import { LIMITS } from '../../base/limits.ts';
import type { StoredResource } from '../../terms/stored-resource.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** The resource as stored, without the server's meta. */
export function readStored({ text }: Pick<StoredResource, 'text'>): Fields {
  const read = readResource(text, { depthMax: LIMITS.jsonDepthMax });
  if (read.value === undefined) throw new Error('a stored resource holds no readable text');
  return read.value as Fields;
}

export function metaOf({ version, lastUpdated, facility }: StoredResource): Fields {
  return { versionId: String(version), lastUpdated, source: `urn:concord:facility:${encodeURIComponent(facility)}` };
}

/** The text with its meta. What holds a meta of its own is read and printed anew; all else is spliced. */
export function presentText(stored: StoredResource): string {
  if (stored.text.includes('"meta":')) return printResource(presentFields(stored, readStored(stored)));
  const head = `{"resourceType":"${stored.type}","id":"${stored.id}"`;
  return `${head},"meta":${JSON.stringify(metaOf(stored))}${stored.text.slice(head.length)}`;
}

export function presentFields(stored: StoredResource, resource: Fields): Fields {
  const own = (resource['meta'] ?? {}) as Fields;
  return { ...resource, meta: { ...own, ...metaOf(stored) } };
}
