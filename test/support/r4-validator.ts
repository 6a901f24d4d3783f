/**
 * Says what is wrong with an R4 resource or Bundle: @medplum/core's structure check and invariants,
 * what it misses (r4-rules.ts), and that a Bundle's entries find each other (R4 bundle.html 2.36.4).
 */
import { OperationOutcomeError, validateResource } from '@medplum/core';
import { r4Definitions } from './r4-definitions.ts';
import { structureFaults } from './r4-rules.ts';

interface Entry {
  readonly fullUrl?: string;
  readonly resource?: Readonly<Record<string, unknown>>;
}

/** Every fault as `path: what`, without values; an empty list means that it passes. */
export function r4Faults(resource: Readonly<Record<string, unknown>>): string[] {
  r4Definitions();
  const faults = [...medplumFaults(resource), ...structureFaults(resource)];
  if (resource['resourceType'] === 'Bundle') faults.push(...bundleFaults(resource, 'Bundle'));
  return [...new Set(faults)];
}

function medplumFaults(resource: Readonly<Record<string, unknown>>): string[] {
  let issues: readonly { expression?: string[] | undefined; details?: { text?: string | undefined } | undefined }[];
  try {
    issues = validateResource(resource);
  } catch (error) {
    if (!(error instanceof OperationOutcomeError)) throw error;
    issues = error.outcome.issue;
  }
  return issues.map((issue) => `${issue.expression?.join(',') ?? ''}: ${withoutValues(issue.details?.text ?? '')}`);
}

/** Medplum quotes values in its sentences; ours never do. */
function withoutValues(sentence: string): string {
  return sentence.replaceAll(/"[^"]*"/g, '…').replace(/(expected|Invalid)(.*?):.*$/s, '$1$2');
}

function bundleFaults(bundle: Readonly<Record<string, unknown>>, at: string): string[] {
  const entries = (bundle['entry'] ?? []) as readonly Entry[];
  const faults: string[] = [];
  const urls = new Set<string>();
  const local = new Set<string>();
  entries.forEach((entry, i) => {
    const place = `${at}.entry[${i}]`;
    const id = entry.resource?.['id'];
    const name = `${String(entry.resource?.['resourceType'])}/${String(id)}`;
    if (entry.fullUrl === undefined) faults.push(`${place}: no fullUrl`);
    else {
      if (urls.has(entry.fullUrl)) faults.push(`${place}: fullUrl is used twice`);
      urls.add(entry.fullUrl);
      if (!/^(https?:\/\/|urn:(uuid|oid):)/.test(entry.fullUrl)) faults.push(`${place}: fullUrl is not absolute`);
      const restful = /^https?:/.test(entry.fullUrl);
      if (restful && id !== undefined && !entry.fullUrl.endsWith(`/${name}`))
        faults.push(`${place}: fullUrl and id disagree`);
    }
    if (id !== undefined && local.has(name)) faults.push(`${place}: type and id are used twice`);
    local.add(name);
  });
  if (bundle['type'] === 'message' && entries[0]?.resource?.['resourceType'] !== 'MessageHeader') {
    faults.push(`${at}: a message starts with its MessageHeader`);
  }
  entries.forEach((entry, i) => {
    const place = `${at}.entry[${i}].resource`;
    if (entry.resource?.['resourceType'] === 'Bundle') faults.push(...bundleFaults(entry.resource, place));
    else walkReferences(entry.resource, place, { urls, local, contained: containedIds(entry.resource), faults });
  });
  return faults;
}

function containedIds(resource: Readonly<Record<string, unknown>> | undefined): Set<string> {
  const contained = (resource?.['contained'] ?? []) as readonly { id?: string }[];
  return new Set(contained.map((one) => `#${one.id}`));
}

interface Targets {
  readonly urls: ReadonlySet<string>;
  readonly local: ReadonlySet<string>;
  readonly contained: ReadonlySet<string>;
  readonly faults: string[];
}

/** A reference is an entry of this bundle, something contained, or absolute. */
function walkReferences(value: unknown, at: string, targets: Targets): void {
  if (value === null || typeof value !== 'object') return;
  for (const [key, inner] of Object.entries(value)) {
    const place = Array.isArray(value) ? `${at}[${key}]` : `${at}.${key}`;
    if (key === 'reference' && typeof inner === 'string') {
      const known = targets.urls.has(inner) || targets.local.has(inner) || targets.contained.has(inner);
      if (!known && !/^https?:\/\//.test(inner)) targets.faults.push(`${place}: leads nowhere`);
    } else walkReferences(inner, place, targets);
  }
}
