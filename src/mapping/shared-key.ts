/** Business keys of shared resources: their first identifier, else their name. */
import type {
  Device,
  HumanName,
  Identifier,
  Location,
  Organization,
  Practitioner,
  PractitionerRole,
  RelatedPerson,
} from 'fhir/r4';
import { joinKey } from '../base/digest.ts';
import type { DirectoryKind } from '../terms/directory.ts';

export type SharedDraft = Organization | Practitioner | PractitionerRole | Location | Device | RelatedPerson;

const KINDS: Readonly<Record<SharedDraft['resourceType'], DirectoryKind>> = {
  Organization: 'organization',
  Practitioner: 'practitioner',
  PractitionerRole: 'practitioner-role',
  Location: 'location',
  Device: 'device',
  RelatedPerson: 'related-person',
};

export function sharedKind(draft: SharedDraft): DirectoryKind {
  return KINDS[draft.resourceType];
}

/** Undefined when it states neither identifier nor name. */
export function sharedKey(draft: SharedDraft): string | undefined {
  switch (draft.resourceType) {
    case 'Organization':
      return identifierKey(draft.identifier) ?? nameKey(draft.name);
    case 'Practitioner':
      return identifierKey(draft.identifier) ?? nameKey(nameText(draft.name?.[0]));
    case 'PractitionerRole':
      return roleKey(draft);
    case 'Location':
      return draft.name === undefined ? undefined : placeKey(draft);
    case 'Device':
      return identifierKey(draft.identifier) ?? nameKey(draft.deviceName?.[0]?.name);
    case 'RelatedPerson':
      return joinKey(
        'relative',
        draft.patient.reference ?? '',
        nameText(draft.name?.[0]) ?? '',
        draft.relationship?.[0]?.coding?.[0]?.code ?? '',
      );
  }
}

function identifierKey(identifiers: readonly Identifier[] | undefined): string | undefined {
  const first = identifiers?.find((identifier) => identifier.value !== undefined);
  return first === undefined ? undefined : joinKey('id', first.system ?? '', first.value as string);
}

/** A bed is the same bed in the same room only. */
function placeKey(location: Location): string {
  return joinKey(
    'place',
    location.name ?? '',
    location.partOf?.display ?? '',
    location.physicalType?.coding?.[0]?.code ?? '',
  );
}

function nameKey(name: string | undefined): string | undefined {
  return name === undefined ? undefined : joinKey('name', name);
}

function nameText(name: HumanName | undefined): string | undefined {
  if (name === undefined) return undefined;
  return name.text ?? [name.family ?? '', ...(name.given ?? [])].join(' ');
}

function roleKey(role: PractitionerRole): string | undefined {
  const who = role.practitioner?.reference ?? '';
  const where = role.organization?.reference ?? '';
  if (who === '' && where === '') return undefined;
  return joinKey('role', who, where, role.location?.[0]?.reference ?? '', role.code?.[0]?.coding?.[0]?.code ?? '');
}
