/** What was mapped → a FHIR R4 message Bundle (R4 messaging.html 2.29): for reading and for `concord map`. */
import type { Bundle, BundleEntry, FhirResource, Provenance } from 'fhir/r4';
import type { Instant } from '../terms/instant.ts';
import type { Mapped, MappedHeader } from '../terms/mapped.ts';

export interface BundleOptions {
  /** Base of the entries' addresses; ids and references do not depend on it. */
  readonly base?: string;
  /** When Concord mapped it; without it no Provenance of the mapping can be dated. */
  readonly mappedAt?: Instant;
}

const BASE = 'https://concord.example/fhir';

/**
 * A message Bundle: MessageHeader first, then patients, reports and what they name, each resource once; Provenance last.
 * What came without a message is a collection.
 */
export function toBundle(mapped: Mapped, options: BundleOptions = {}): Bundle {
  const base = options.base ?? BASE;
  const { header } = mapped;
  const resources = new Map<string, FhirResource>();
  const add = (resource: { readonly resourceType: string; readonly id?: string | undefined }): void => {
    const name = `${resource.resourceType}/${resource.id}`;
    if (!resources.has(name)) resources.set(name, resource as FhirResource);
  };
  if (header !== undefined) add({ ...header.message, id: 'message' });
  for (const { resource } of header?.shared ?? []) add(resource);
  for (const { patient, shared, reports } of mapped.patients) {
    if (patient !== undefined) add(patient.resource);
    for (const report of reports) for (const element of report.elements) add(element.resource);
    for (const { resource } of shared) add(resource);
  }
  if (header !== undefined) for (const provenance of provenances(header, options)) add(provenance);
  const entry = [...resources].map(([name, resource]): BundleEntry => ({ fullUrl: `${base}/${name}`, resource }));
  return {
    resourceType: 'Bundle',
    ...(header?.identifier === undefined ? {} : { identifier: header.identifier }),
    type: header === undefined ? 'collection' : 'message',
    ...(header?.sentAt === undefined ? {} : { timestamp: header.sentAt }),
    entry,
  };
}

/** Who made the source, and who mapped it (v2-to-fhir: MSH[Provenance-source], MSH[Provenance-transform]). */
function provenances(header: MappedHeader, options: BundleOptions): readonly Provenance[] {
  const target = [{ reference: 'MessageHeader/message' }];
  const made: Provenance[] = [];
  if (header.sentAt !== undefined && header.message.sender !== undefined) {
    made.push({
      resourceType: 'Provenance',
      id: 'source',
      target,
      recorded: header.sentAt,
      agent: [{ type: { coding: [{ system: PARTICIPANT, code: 'author' }] }, who: header.message.sender }],
    });
  }
  if (options.mappedAt !== undefined) {
    made.push({
      resourceType: 'Provenance',
      id: 'transformation',
      target,
      recorded: options.mappedAt,
      activity: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-DataOperation', code: 'CREATE' }] },
      agent: [{ type: { coding: [{ system: PARTICIPANT, code: 'assembler' }] }, who: { display: 'Concord' } }],
      ...(header.identifier === undefined
        ? {}
        : { entity: [{ role: 'source' as const, what: { identifier: header.identifier } }] }),
    });
  }
  return made;
}

const PARTICIPANT = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type';
