/** A province's platform hears of offers, views and acts: once each by its GUID, in order of trying, and never a value. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createGateway } from '../../src/gateway/gateway.ts';
import { reply } from '../../src/gateway/reply.ts';
import { runDeliveries } from '../../src/gateway/subscriptions/run-deliveries.ts';
import { parseAllowedHosts } from '../../src/outbound/allow-list.ts';
import { createOutbound } from '../../src/outbound/create-outbound.ts';
import { systemRandom } from '../../src/runtime/node/clock.ts';
import { createPinnedTransport } from '../../src/runtime/node/pinned-transport.ts';
import { openApp } from '../support/app.ts';
import {
  CITY,
  COUNTY,
  DATABASES,
  expectOk,
  openWorld,
  type TestDatabase,
  testKeys,
  type TestWorld,
} from '../support/gateway.ts';
import { oru } from '../support/messages.ts';
import { type Person, person, questionOf } from '../support/people.ts';
import { answer } from '../../src/gateway/answer.ts';
import { tokenFor } from '../support/token.ts';

interface Event {
  readonly operateType: number;
  readonly remindId?: string;
  readonly reviewId?: string;
  readonly decision?: string;
  readonly [name: string]: unknown;
}

describe.each(DATABASES)('on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let count = 0;
  const heard: { event: Event; token: string | undefined; text: string }[] = [];
  let saying: { status: number; body: string } = { status: 200, body: '{"code":"00000"}' };
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    request.on('end', () => {
      heard.push({ event: JSON.parse(text) as Event, token: request.headers.authorization, text });
      response.writeHead(saying.status, { 'content-type': 'application/json' }).end(saying.body);
    });
  });

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    database = await kind.open();
    const opened = await openWorld(database);
    const gateway = createGateway({
      store: opened.store,
      clock: opened.clock,
      random: systemRandom,
      keys: testKeys(),
      regionZone: 'Asia/Shanghai',
      events: { url: `${url}/events`, token: 'platform' },
      outbound: createOutbound(parseAllowedHosts(`${url}+private`), createPinnedTransport()),
    });
    world = { ...opened, gateway };
  });
  afterAll(async () => {
    await world.close();
    await database.close();
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    heard.splice(0);
    saying = { status: 200, body: '{"code":"00000"}' };
  });

  const offered = async (who: Person): Promise<string> => {
    await world.send(
      COUNTY,
      oru({
        controlId: `V${++count}`,
        patient: { ...who, mrn: `county-${who.mrn}` },
        collected: '20260301080000',
        reported: '20260301090000',
        results: ['NM|K^钾^L||4.17|mmol/L|3.5-5.3||||F'],
        specimen: '血清',
      }),
    );
    const asked = questionOf(CITY, who, { encounter: `E${who.mrn}`, key: `o${count}` });
    const told = expectOk(await answer(world.gateway, await world.askerOf(CITY), asked));
    return told.items[0]?.offer ?? '';
  };
  const later = (seconds: number): void =>
    world.clock.turnTo(new Date(Date.parse(world.clock.now()) + seconds * 1000).toISOString());
  const told = async (): Promise<readonly Event[]> => {
    await runDeliveries(world.gateway);
    return heard.map(({ event }) => event);
  };

  test('an offer, a look at its result and the act are told, each once', async () => {
    const offer = await offered(person(1));
    const [remind] = await told();
    expect(remind).toMatchObject({
      operateType: 1,
      searchType: 2,
      itemType: 'LIS',
      itemCode: 'K',
      reportName: '钾',
      reportOrgCode: COUNTY,
      reportOrgName: '试验县医院',
      businessNo: offer,
      remindId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    const [element] = (
      await world.store.read.offersWithin({
        facility: CITY,
        encounterMac: remind?.['GHId'] as string,
        since: '2026-01-01T00:00:00.000Z' as never,
        limit: 1,
      })
    ).flatMap(({ decision }) => decision.items.flatMap(({ entry }) => entry?.element ?? []));
    const read = await openApp(world.gateway).request(`/fhir/Observation/${element}`, {
      headers: {
        authorization: `Bearer ${await tokenFor(world.gateway, CITY)}`,
        'concord-encounter': `E${person(1).mrn}`,
      },
    });
    expect(read.status).toBe(200);
    expectOk(
      await reply(world.gateway, await world.askerOf(CITY), { offer, outcome: 'accepted', at: world.clock.now() }),
    );
    const events = await told();
    expect(events.map(({ operateType, decision }) => [operateType, decision])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, 'accepted'],
    ]);
    // The same reply again is no new act; a round more tells nothing.
    expectOk(
      await reply(world.gateway, await world.askerOf(CITY), { offer, outcome: 'accepted', at: world.clock.now() }),
    );
    expect(await told()).toHaveLength(3);
    expect(new Set(events.map(({ remindId, reviewId }) => remindId ?? reviewId)).size).toBe(3);
    expect(heard.every(({ token }) => token === 'Bearer platform')).toBe(true);
    // Neither a value nor anything that names a human.
    const all = heard.map(({ text }) => text).join('');
    for (const secret of ['4.17', person(1).name, person(1).national, `city-${person(1).mrn}`])
      expect(all).not.toContain(secret);
  });

  test('a platform that does not hear, or says no, gets the same event again under the same GUID', async () => {
    saying = { status: 500, body: '' };
    await offered(person(2));
    await offered(person(3));
    const [first, ...more] = await told();
    // One failed attempt ends the round: the others wait with it.
    expect(more).toEqual([]);
    expect(await told()).toHaveLength(1);
    later(30);
    saying = { status: 200, body: '{"code":"40001","msg":"no"}' };
    await told();
    later(60);
    saying = { status: 200, body: '{"code":"00000"}' };
    const events = await told();
    const again = events.filter(({ remindId }) => remindId === first?.remindId);
    expect(again.length).toBeGreaterThan(1);
    expect(new Set(again.map((event) => JSON.stringify(event))).size).toBe(1);
    heard.splice(0);
    later(600);
    expect(await told()).toEqual([]);
  });

  test('where no platform is set, nothing is left to do', async () => {
    const silent = createGateway({
      store: world.store,
      clock: world.clock,
      random: systemRandom,
      keys: testKeys(),
      regionZone: 'Asia/Shanghai',
    });
    const asked = questionOf(CITY, person(1), { encounter: 'E-silent', key: 's1' });
    expectOk(await answer(silent, await world.askerOf(CITY), asked));
    expect((await world.store.jobs.waiting()).filter((one) => one.kind === 'tell-event')).toEqual([]);
  });
});
