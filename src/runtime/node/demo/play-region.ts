/** Plays a region's months against a gateway over its real doors: MLLP, HTTP intake, CDS Hooks, replies. */
import { randomUUID } from 'node:crypto';
import type { OrderEvent, MessageEvent, RegionEvent } from '../../../simulation/region-event.ts';
import { type MllpClient, openMllp } from '../mllp-client.ts';
import type { FacilityDoors } from './configure-region.ts';
import type { DemoClock } from './demo-clock.ts';

export interface Played {
  messages: number;
  /** Acknowledgements by MSA-1. */
  answers: Record<string, number>;
  questions: number;
  cards: number;
}

export interface Player {
  play(event: RegionEvent): Promise<void>;
  readonly played: Played;
  close(): Promise<void>;
}

interface Card {
  readonly uuid: string;
  readonly suggestions?: readonly { readonly uuid: string }[];
}

const SERVICE = '/cds-services/concord-order-select';

export function createPlayer(parts: {
  readonly url: string;
  readonly doors: ReadonlyMap<string, FacilityDoors>;
  readonly clock: DemoClock;
}): Player {
  const { url, clock } = parts;
  const connections = new Map<number, MllpClient>();
  const played: Played = { messages: 0, answers: {}, questions: 0, cards: 0 };

  const mllpTo = async (port: number): Promise<MllpClient> => {
    const open = connections.get(port) ?? (await openMllp({ host: '127.0.0.1', port }));
    connections.set(port, open);
    return open;
  };
  const doorsOf = (facility: string): FacilityDoors => {
    const doors = parts.doors.get(facility);
    if (doors === undefined) throw new Error('an event of a facility without doors');
    return doors;
  };
  const tokens = createTokens(url, doorsOf, clock);
  const post = async (
    facility: string,
    path: string,
    body: string | Uint8Array<ArrayBuffer>,
    type: string,
  ): Promise<Response> => {
    const token = await tokens(facility);
    return fetch(`${url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': type },
      body,
    });
  };

  const sendMessage = async (event: MessageEvent): Promise<void> => {
    const doors = doorsOf(event.facility);
    const port = event.via === 'mllp' ? doors.mllpPort : event.via === 'mllp-test' ? doors.testPort : undefined;
    const ack =
      port === undefined
        ? new Uint8Array(
            await (
              await post(event.facility, '/intake', new Uint8Array(event.bytes), 'application/hl7-v2')
            ).arrayBuffer(),
          )
        : await (await mllpTo(port)).send(event.bytes);
    const code = /[\r\n]MSA.([A-Z]{2})/.exec(new TextDecoder('latin1').decode(ack))?.[1] ?? 'none';
    played.messages++;
    played.answers[code] = (played.answers[code] ?? 0) + 1;
  };

  const ask = async (event: OrderEvent): Promise<void> => {
    played.questions++;
    const response = await post(event.facility, SERVICE, JSON.stringify(hookOf(event)), 'application/json');
    if (!response.ok) throw new Error(`the order screen was answered ${response.status}`);
    const { cards } = (await response.json()) as { cards: readonly Card[] };
    played.cards += cards.length;
    for (const card of cards) await answerCard(event, card);
  };

  const answerCard = async (event: OrderEvent, card: Card): Promise<void> => {
    if (event.intent === 'ignore') return;
    const outcomeTimestamp = clock.now();
    const [suggestion] = card.suggestions ?? [];
    // A card without a suggestion gives the doctor nothing to accept.
    if (event.intent !== 'refuse' && suggestion === undefined) return;
    const feedback =
      event.intent === 'refuse'
        ? {
            card: card.uuid,
            outcome: 'overridden',
            overrideReason: { reason: { code: event.reason } },
            outcomeTimestamp,
          }
        : { card: card.uuid, outcome: 'accepted', acceptedSuggestions: [{ id: suggestion?.uuid }], outcomeTimestamp };
    await expectOk(
      await post(event.facility, `${SERVICE}/feedback`, JSON.stringify({ feedback: [feedback] }), 'application/json'),
    );
    if (event.intent !== 'revoke-after-accept') return;
    const revoked = { offer: card.uuid, outcome: 'revoked', practitioner: event.practitioner, at: outcomeTimestamp };
    await expectOk(await post(event.facility, '/recognition/replies', JSON.stringify(revoked), 'application/json'));
  };

  return {
    played,
    async play(event) {
      clock.turnTo(event.at);
      await (event.kind === 'message' ? sendMessage(event) : ask(event));
    },
    async close() {
      await Promise.all([...connections.values()].map((connection) => connection.close()));
    },
  };
}

async function expectOk(response: Response): Promise<void> {
  if (!response.ok) throw new Error(`a reply was answered ${response.status}`);
  await response.arrayBuffer();
}

/** An HIS asks for a token when it has none that is good; the region's clock outlives most between two events. */
export function createTokens(
  url: string,
  doorsOf: (facility: string) => FacilityDoors,
  clock: DemoClock,
): (facility: string) => Promise<string> {
  const held = new Map<string, { readonly token: string; readonly until: number }>();
  return async (facility) => {
    const known = held.get(facility);
    const now = Date.parse(clock.now());
    if (known !== undefined && known.until > now) return known.token;
    const token = await tokenOf(url, doorsOf(facility));
    held.set(facility, { token, until: now + TOKEN_MS });
    return token;
  };
}

/** Less than a token lives. */
const TOKEN_MS = 600_000;

async function tokenOf(url: string, { client }: FacilityDoors): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: client.id,
    client_secret: client.secret,
  });
  const response = await fetch(`${url}/oauth/token`, { method: 'POST', body: form });
  return ((await response.json()) as { access_token: string }).access_token;
}

/** The order screen's request, as CDS Hooks 2.0 `order-select` has it. */
function hookOf({ patient, orders, encounter, practitioner }: OrderEvent) {
  return {
    hook: 'order-select',
    hookInstance: randomUUID(),
    context: {
      userId: `Practitioner/${practitioner}`,
      patientId: 'his-internal',
      encounterId: encounter,
      selections: orders.map(({ key }) => `ServiceRequest/${key}`),
      draftOrders: {
        resourceType: 'Bundle',
        entry: orders.map(({ key, system, code, display }) => ({
          resource: {
            resourceType: 'ServiceRequest',
            id: key,
            status: 'draft',
            intent: 'order',
            code: { coding: [{ ...(system === '' ? {} : { system }), code, display }] },
          },
        })),
      },
    },
    // The made-up order screen says that nothing lies ahead of its patients.
    extension: { 'urn:concord:situations': [] },
    prefetch: {
      patient: {
        resourceType: 'Patient',
        identifier: patient.identifiers.map(({ system, type, value }) => ({
          ...(type === ''
            ? {}
            : { type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: type }] } }),
          ...(system === '' ? {} : { system }),
          value,
        })),
        name: [{ text: patient.name }],
        ...(patient.birthDate === undefined ? {} : { birthDate: patient.birthDate }),
        ...(patient.sex === undefined ? {} : { gender: patient.sex }),
      },
    },
  };
}
