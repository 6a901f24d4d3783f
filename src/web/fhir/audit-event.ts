/**
 * An audit event as a FHIR AuditEvent, in the shapes of IHE BALP 1.1 (profiles.ihe.net/ITI/BALP): reads, queries, writes,
 * tokens. A profile is named only where all that it asks for is there.
 */
import { utf8 } from '../../base/bytes.ts';
import { ACTION_LETTERS, type ActionLetter } from '../../gateway/fhir/audit-codes.ts';
import type { AuditEvent } from '../../terms/audit-event.ts';

const DICOM = 'http://dicom.nema.org/resources/ontology/DCM';
const EVENT = 'http://terminology.hl7.org/CodeSystem/audit-event-type';
const INTERACTION = 'http://hl7.org/fhir/restful-interaction';
const ENTITY = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
const ROLE = 'http://terminology.hl7.org/CodeSystem/object-role';
const PURPOSE = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const ABSENT = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';
const BALP = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.';

/** The RESTful interaction of an act, and BALP's profile for it; other acts are none. */
const INTERACTIONS: Partial<
  Readonly<Record<AuditEvent['action'], { readonly code: string; readonly profile?: string }>>
> = {
  read: { code: 'read', profile: 'Read' },
  search: { code: 'search', profile: 'Query' },
  create: { code: 'create', profile: 'Create' },
  update: { code: 'update', profile: 'Update' },
  check: { code: 'operation' },
  reply: { code: 'operation' },
  'break-glass': { code: 'operation' },
};

export interface AuditSurroundings {
  readonly facilities: ReadonlyMap<string, { readonly name: string }>;
  /** The asker's own Patient, where it asked about one. */
  readonly patient: string | undefined;
  /** The address of the FHIR door. */
  readonly base: string;
}

export function toAuditEvent(event: AuditEvent, around: AuditSurroundings): object {
  const interaction = INTERACTIONS[event.action];
  const entities = entitiesOf(event, around);
  const profile = profileOf(event, entities);
  const type =
    event.action === 'token'
      ? { system: DICOM, code: '110114', display: 'User Authentication' }
      : { system: EVENT, code: 'rest', display: 'Restful Operation' };
  return {
    resourceType: 'AuditEvent',
    id: event.id,
    ...(profile === undefined ? {} : { meta: { profile: [BALP + profile] } }),
    type,
    subtype: [
      interaction === undefined
        ? { system: 'urn:concord:audit-action', code: event.action }
        : { system: INTERACTION, code: interaction.code },
    ],
    action: ACTION_LETTERS[event.action],
    recorded: event.at,
    outcome: event.outcome === 'success' ? '0' : '4',
    ...(event.detail === '' ? {} : { outcomeDesc: event.detail }),
    ...(event.purpose === '' ? {} : { purposeOfEvent: [{ coding: [{ system: PURPOSE, code: event.purpose }] }] }),
    agent: agentsOf(event, around),
    source: { site: 'Concord', observer: { display: 'Concord' } },
    ...(entities.length === 0 ? {} : { entity: entities.map(({ is: _is, ...entity }) => entity) }),
  };
}

/** BALP's profiles are of what succeeded. */
function profileOf({ action, outcome }: AuditEvent, entities: readonly Entity[]): string | undefined {
  const profile = INTERACTIONS[action]?.profile;
  const needed = profile === 'Query' ? 'query' : 'data';
  if (profile === undefined || outcome !== 'success' || !entities.some(({ is }) => is === needed)) return undefined;
  return entities.some(({ is }) => is === 'patient') ? `Patient${profile}` : profile;
}

/** BALP: of a read the client is the destination, of all else the source. */
const CLIENT_ROLE: Readonly<Record<ActionLetter, 'source' | 'destination'>> = {
  R: 'destination',
  C: 'source',
  U: 'source',
  D: 'source',
  E: 'source',
};
const AGENTS = {
  source: { coding: [{ system: DICOM, code: '110153', display: 'Source Role ID' }] },
  destination: { coding: [{ system: DICOM, code: '110152', display: 'Destination Role ID' }] },
};

function agentsOf({ facility, actor, action }: AuditEvent, { facilities, base }: AuditSurroundings): readonly object[] {
  const name = facility === null ? undefined : facilities.get(facility)?.name;
  const client = CLIENT_ROLE[ACTION_LETTERS[action]];
  const who = {
    ...(facility === null ? {} : { identifier: { system: 'urn:concord:facility', value: facility } }),
    display: name ?? (facility === null ? 'administrator' : facility),
  };
  return [
    {
      type: AGENTS[client],
      who,
      ...(actor === '' ? {} : { altId: actor }),
      requestor: true,
      // From which address it came is not kept.
      network: { extension: [{ url: ABSENT, valueCode: 'unsupported' }] },
    },
    {
      type: AGENTS[client === 'source' ? 'destination' : 'source'],
      who: { display: 'Concord' },
      requestor: false,
      network: { address: base, type: '5' },
    },
  ];
}

interface Entity {
  readonly is: 'patient' | 'data' | 'query';
  readonly type: object;
  readonly role: object;
}

function entitiesOf(
  { resource = '', query, patientMac }: AuditEvent,
  { patient }: AuditSurroundings,
): readonly Entity[] {
  const entity = (is: Entity['is'], code: string, role: string, of: object): Entity => ({
    is,
    ...of,
    type: { system: ENTITY, code },
    role: { system: ROLE, code: role },
  });
  // Whoever asked about nobody is told a pseudonym: it says which events are of one record, and not of whose.
  const who =
    patient === undefined
      ? { type: 'Patient', identifier: { system: 'urn:concord:pseudonym', value: patientMac } }
      : { reference: `Patient/${patient}` };
  const isSomebody = patient !== undefined || patientMac !== '';
  return [
    ...(isSomebody ? [entity('patient', '1', '1', { what: who })] : []),
    ...(resource.includes('/') ? [entity('data', '2', '4', { what: { reference: resource } })] : []),
    ...(query === undefined ? [] : [entity('query', '2', '24', { description: resource, query: base64(utf8(query)) })]),
  ];
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
