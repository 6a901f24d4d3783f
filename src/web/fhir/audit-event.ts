/** An audit event as a FHIR AuditEvent, in the shapes of IHE BALP (profiles.ihe.net/ITI/BALP): reads, queries, writes, tokens. */
import { utf8 } from '../../base/bytes.ts';
import type { AuditEvent } from '../../terms/audit-event.ts';

const DICOM = 'http://dicom.nema.org/resources/ontology/DCM';
const EVENT = 'http://terminology.hl7.org/CodeSystem/audit-event-type';
const INTERACTION = 'http://hl7.org/fhir/restful-interaction';
const ENTITY = 'http://terminology.hl7.org/CodeSystem/audit-entity-type';
const ROLE = 'http://terminology.hl7.org/CodeSystem/object-role';
const PURPOSE = 'http://terminology.hl7.org/CodeSystem/v3-ActReason';
const BALP = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.';

interface Shape {
  readonly action: 'C' | 'R' | 'U' | 'E';
  /** Of the RESTful interaction; absent: no FHIR interaction. */
  readonly interaction?: string;
  readonly profile?: string;
}

const SHAPES: Readonly<Record<AuditEvent['action'], Shape>> = {
  read: { action: 'R', interaction: 'read', profile: 'Read' },
  search: { action: 'E', interaction: 'search', profile: 'Query' },
  create: { action: 'C', interaction: 'create', profile: 'Create' },
  update: { action: 'U', interaction: 'update', profile: 'Update' },
  check: { action: 'E', interaction: 'operation' },
  reply: { action: 'E', interaction: 'operation' },
  'break-glass': { action: 'E', interaction: 'operation' },
  link: { action: 'U' },
  unlink: { action: 'U' },
  'opt-out': { action: 'U' },
  denied: { action: 'E' },
  token: { action: 'E' },
  configure: { action: 'U' },
};

export interface AuditSurroundings {
  readonly facilities: ReadonlyMap<string, { readonly name: string }>;
  /** The asker's own Patient, where it asked about one. */
  readonly patient: string | undefined;
}

export function toAuditEvent(event: AuditEvent, around: AuditSurroundings): object {
  const shape = SHAPES[event.action];
  const isAboutSomebody = event.patientMac !== '';
  const profile =
    shape.profile === undefined
      ? {}
      : { meta: { profile: [`${BALP}${isAboutSomebody ? 'Patient' : ''}${shape.profile}`] } };
  const type =
    event.action === 'token'
      ? { system: DICOM, code: '110114', display: 'User Authentication' }
      : { system: EVENT, code: 'rest', display: 'Restful Operation' };
  return {
    resourceType: 'AuditEvent',
    id: event.id,
    ...profile,
    type,
    subtype: [
      shape.interaction === undefined
        ? { system: 'urn:concord:audit-action', code: event.action }
        : { system: INTERACTION, code: shape.interaction },
    ],
    action: shape.action,
    recorded: event.at,
    outcome: event.outcome === 'success' ? '0' : '4',
    ...(event.detail === '' ? {} : { outcomeDesc: event.detail }),
    ...(event.purpose === '' ? {} : { purposeOfEvent: [{ coding: [{ system: PURPOSE, code: event.purpose }] }] }),
    agent: agentsOf(event, around),
    source: { site: 'Concord', observer: { display: 'Concord' } },
    ...entitiesOf(event, around),
  };
}

function agentsOf({ facility, actor }: AuditEvent, { facilities }: AuditSurroundings): readonly object[] {
  const name = facility === null ? undefined : facilities.get(facility)?.name;
  const who = {
    ...(facility === null ? {} : { identifier: { system: 'urn:concord:facility', value: facility } }),
    display: name ?? (facility === null ? 'administrator' : facility),
  };
  return [
    {
      type: { coding: [{ system: DICOM, code: '110153', display: 'Source Role ID' }] },
      who,
      ...(actor === '' ? {} : { altId: actor }),
      requestor: true,
    },
    {
      type: { coding: [{ system: DICOM, code: '110152', display: 'Destination Role ID' }] },
      who: { display: 'Concord' },
      requestor: false,
    },
  ];
}

function entitiesOf(
  { resource = '', query, patientMac, id }: AuditEvent,
  { patient }: AuditSurroundings,
): { readonly entity?: readonly object[] } {
  const entity = (code: string, role: string): object => ({
    type: { system: ENTITY, code },
    role: { system: ROLE, code: role },
  });
  const entities = [
    ...(patient === undefined || patientMac === ''
      ? []
      : [{ what: { reference: `Patient/${patient}` }, ...entity('1', '1') }]),
    ...(resource.includes('/') ? [{ what: { reference: resource }, ...entity('2', '4') }] : []),
    ...(query === undefined ? [] : [{ ...entity('2', '24'), query: base64(utf8(query)), description: resource }]),
    {
      what: { identifier: { value: id } },
      type: { system: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType', code: 'XrequestId' },
    },
  ];
  return { entity: entities };
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}
