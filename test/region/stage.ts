/** Where the stories are played: four small hospitals of their own in the region, and what their people do. */
import type { AdminClient } from '../../src/runtime/node/admin-client.ts';
import type { DemoClock } from '../../src/runtime/node/demo/demo-clock.ts';
import type { RunningGateway } from '../../src/runtime/node/start-gateway.ts';
import { unlinkPatient } from '../../src/gateway/steward.ts';
import { nationalKey } from '../../src/identity/identity-keys.ts';
import { WANGXI_ALLIANCE } from '../../src/simulation/facilities.ts';
import type { Region } from '../../src/simulation/region.ts';
import type { FacilityId } from '../../src/terms/facility.ts';
import type { Instant } from '../../src/terms/instant.ts';
import { expectOk } from '../support/gateway.ts';
import { oru, residentNumber } from '../support/messages.ts';

export const GIVER = 'plant-giver' as FacilityId;
export const ASKER = 'plant-asker' as FacilityId;
export const THIRD = 'plant-third' as FacilityId;
/** A branch of the asker. */
export const BRANCH = 'plant-branch' as FacilityId;
export const PLANTED = [GIVER, ASKER, THIRD, BRANCH];

/** What the region charges a township of area 9901. */
export const FEN = { K: 480, GLU: 400 } as const;

export interface Step {
  readonly at: Instant;
  readonly play: (stage: Stage) => Promise<void>;
}

export interface Sent {
  readonly item?: 'K' | 'GLU' | 'FPG';
  readonly value?: string;
  readonly flag?: string;
  readonly status?: string;
  /** OBR-3; one report. */
  readonly filler: string;
  /** When it was collected; default now. */
  readonly collected?: Instant;
}

export interface Stage {
  send(from: FacilityId, person: number, what: Sent): Promise<void>;
  /** Asks about one order; the offer, '' without one. */
  ask(by: FacilityId, person: number, of: { readonly item?: 'K' | 'GLU'; readonly doctor?: string }): Promise<string>;
  say(by: FacilityId, offer: string, outcome: 'accepted' | 'refused' | 'revoked', reason?: string): Promise<void>;
  /** The doctor reads first. */
  think(seconds: number): void;
  unlink(facility: FacilityId, person: number): Promise<void>;
}

const LOINC = { K: '2823-3', GLU: '14749-6' } as const;
const UNITS = { K: 'mmol/L|3.5-5.3', GLU: 'mmol/L|3.9-6.1', FPG: 'mmol/L|3.9-6.1' } as const;

export async function openStage(parts: {
  readonly admin: AdminClient;
  readonly running: RunningGateway;
  readonly clock: DemoClock;
  readonly region: Region;
}): Promise<Stage> {
  const { running, clock } = parts;
  const secrets = await configure(parts);
  let count = 0;
  const call = async (by: FacilityId, path: string, body: string, type = 'application/json') => {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: `${by}-client`,
      client_secret: secrets.get(by) ?? '',
    });
    const token = (await (await fetch(`${running.url}/oauth/token`, { method: 'POST', body: form })).json()) as {
      access_token: string;
    };
    const answered = await fetch(`${running.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token.access_token}`, 'content-type': type },
      body,
    });
    const text = await answered.text();
    if (!answered.ok) throw new Error(`${path} was answered ${answered.status} ${text}`);
    return text;
  };
  return {
    async send(from, person, { item = 'K', value = '4.1', flag = '', status = 'F', filler, collected = clock.now() }) {
      const text = oru({
        controlId: `S${++count}`,
        patient: patientOf(from, person),
        filler,
        collected: localTime(collected),
        reported: localTime(clock.now()),
        results: [
          `NM|${item}^${item}^L||${value}|${UNITS[item]}|${flag}|||${status}${item === 'GLU' ? '||||||空腹' : ''}`,
        ],
        specimen: '血清',
      });
      const ack = await call(from, '/intake', text, 'application/hl7-v2');
      if (!/MSA\|AA/.test(ack)) throw new Error(`not taken: ${ack}`);
    },
    async ask(by, person, { item = 'K', doctor = 'D1' }) {
      const { mrn, national, name } = patientOf(by, person);
      const answered = JSON.parse(
        await call(
          by,
          '/recognition/check',
          JSON.stringify({
            patient: {
              identifiers: [
                { type: 'PI', value: mrn },
                { system: 'urn:oid:2.16.156.10011.1.3', value: national },
              ],
              name,
              birthDate: '1930-01-01',
              sex: 'male',
            },
            encounter: `V${person}`,
            practitioner: doctor,
            situations: [],
            orders: [{ key: `o${++count}`, code: { system: 'http://loinc.org', code: LOINC[item] } }],
          }),
        ),
      ) as { items: { offer: string | null }[] };
      return answered.items[0]?.offer ?? '';
    },
    async say(by, offer, outcome, reason) {
      const at = clock.now();
      await call(by, '/recognition/replies', JSON.stringify({ offer, outcome, reason, practitioner: 'D1', at }));
    },
    think: (seconds) => clock.turnTo(new Date(Date.parse(clock.now()) + seconds * 1000).toISOString() as Instant),
    async unlink(facility, person) {
      const { national } = patientOf(facility, person);
      const { gateway } = running;
      const mac = gateway.ids.index.text(nationalKey(national));
      const [patient] = await gateway.store.fhir.patientsByIdentifier(mac, facility);
      if (patient === undefined) throw new Error('nobody to unlink');
      expectOk(await unlinkPatient(gateway, { patient, steward: 'steward' }));
    },
  };
}

function patientOf(facility: FacilityId, person: number) {
  return {
    mrn: `${facility}-${person}`,
    national: residentNumber('1930-01-01', person * 2 + 1),
    name: `故事${person}`,
    birthDate: '19300101',
    sex: 'M',
  } as const;
}

/** YYYYMMDDHHMMSS in the region's zone. */
function localTime(instant: Instant): string {
  return new Date(Date.parse(instant) + 8 * 3_600_000).toISOString().replaceAll(/\D/g, '').slice(0, 14);
}

async function configure({ admin, region }: { readonly admin: AdminClient; readonly region: Region }) {
  await admin.post(
    '/facilities',
    PLANTED.map((id) => ({
      id,
      name: `试验分院 ${id}`,
      level: 1,
      area: '990121',
      alliances: [WANGXI_ALLIANCE],
      zone: 'Asia/Shanghai',
      ...(id === BRANCH ? { parent: ASKER } : {}),
    })),
  );
  const columns = ['facility', 'item', 'reach', 'within', 'label', 'batch', 'valid_from', 'valid_to'];
  const marks = [
    ...region.marks,
    ...PLANTED.flatMap((facility) =>
      ['K', 'GLU', 'FPG'].map((item) => ({
        facility,
        item,
        reach: 'city',
        within: ['9901'],
        label: '澜川HR',
        batch: 'T1',
        validFrom: '2020-01-01',
      })),
    ),
  ];
  const records = marks.map((mark, index) => ({
    line: index + 2,
    fields: {
      facility: mark.facility,
      item: mark.item,
      reach: mark.reach,
      within: mark.within.join(';'),
      label: mark.label,
      batch: mark.batch,
      valid_from: mark.validFrom,
      valid_to: 'validTo' in mark ? (mark.validTo ?? '') : '',
    },
  }));
  const { status, body } = await admin.tryPost<object>('/catalogue', { 'marks.csv': { columns, records } });
  if (status !== 200) throw new Error(JSON.stringify(body));
  await admin.post(
    '/codes',
    PLANTED.flatMap((facility) =>
      ['K', 'GLU', 'FPG'].map((code) => ({ facility, kind: 'result', code, target: code })),
    ),
  );
  const secrets = new Map<FacilityId, string>();
  for (const facility of PLANTED) {
    const channel = { id: `${facility}-client`, facility, kind: 'client', test: false };
    secrets.set(facility, (await admin.post<{ secret: string }>('/channels', channel)).secret);
  }
  return secrets;
}
