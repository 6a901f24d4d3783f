/** The business identifiers that resources state, as the index rows by which they are found (FHIR `identifier` search). */
import { joinKey } from '../base/digest.ts';
import type { ResourceIdentifierRow } from '../ports/store-tx.ts';
import type { Bucket } from '../terms/bucket.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Identifier, Resource } from '../terms/fhir.ts';
import type { Gateway } from './gateway.ts';

/** A resource and where it is; `container` is absent for one that has a row of its own. */
export interface PlacedResource {
  readonly bucket: Bucket;
  readonly container?: string;
  readonly resource: Resource & { id?: string };
}

export function identifiersOf(
  gateway: Gateway,
  facility: FacilityId,
  resources: readonly PlacedResource[],
): readonly ResourceIdentifierRow[] {
  return resources.flatMap(({ bucket, container = '', resource }) =>
    statedIdentifiers(resource).flatMap(({ system = '', value }) =>
      value === undefined || resource.id === undefined
        ? []
        : [
            {
              facility,
              type: resource.resourceType,
              mac: identifierMac(gateway, value),
              system,
              bucket,
              id: resource.id,
              container,
            },
          ],
    ),
  );
}

/** HMAC of an identifier's value alone, so that a search may leave the system out (R4 search.html 3.1.1.4.10). */
export function identifierMac(gateway: Gateway, value: string): string {
  return gateway.ids.index.text(joinKey('identifier', value));
}

/** `identifier` as R4 types have it, a list or one, and a specimen's accession number: which of them a search meant, the resource tells. */
function statedIdentifiers(resource: Resource): readonly Identifier[] {
  const { identifier = [], accessionIdentifier } = resource as {
    identifier?: Identifier | readonly Identifier[];
    accessionIdentifier?: Identifier;
  };
  const stated = Array.isArray(identifier) ? (identifier as readonly Identifier[]) : [identifier as Identifier];
  return accessionIdentifier === undefined ? stated : [...stated, accessionIdentifier];
}
