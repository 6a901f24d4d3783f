/** MLLP doors over a whole gateway: who is heard, what one frame may hold, and a channel that is revoked while it speaks. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { utf8 } from '../../src/base/bytes.ts';
import { LIMITS } from '../../src/base/limits.ts';
import { frame } from '../../src/formats/hl7v2/mllp.ts';
import { addChannel, revokeChannel } from '../../src/gateway/channels.ts';
import { freePort } from '../../src/runtime/node/free-port.ts';
import { log } from '../../src/runtime/node/log.ts';
import { MllpClosed, openMllp } from '../../src/runtime/node/mllp-client.ts';
import { createMllpDoors, type MllpDoors } from '../../src/runtime/node/mllp-doors.ts';
import type { ChannelId } from '../../src/terms/channel.ts';
import { CITY, COUNTY, DATABASES, expectOk, openWorld, type TestDatabase, type TestWorld } from '../support/gateway.ts';
import { oru } from '../support/messages.ts';
import { openSql } from '../support/sql.ts';

let database: TestDatabase;
let world: TestWorld;
let doors: MllpDoors;
let sql: ReturnType<typeof openSql>;
beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
  doors = createMllpDoors(world.gateway, { host: '127.0.0.1', defaultPort: await freePort(), log });
  sql = openSql(database.url);
});
afterAll(async () => {
  await doors.close();
  await sql.end();
  await world.close();
  await database.close();
});

async function doorOf(id: string, over: { from?: string; facility?: typeof CITY } = {}): Promise<number> {
  const port = await freePort();
  const wanted = { id: id as ChannelId, facility: COUNTY, kind: 'mllp', test: false, port, ...over } as const;
  expectOk(await addChannel(world.gateway, wanted));
  await doors.reconcile();
  return port;
}

const codeOf = (ack: Uint8Array) => /\rMSA\|(\w+)/.exec(new TextDecoder().decode(ack))?.[1];
const denials = async (port: number) =>
  (await sql`select detail from audit_event where action = 'denied' and detail = ${`gateway/no-channel ${port}`}`)
    .length;

test('two facilities have a door each, and what one sends is its own', async () => {
  const [county, city] = [await doorOf('county-door'), await doorOf('city-door', { facility: CITY })];
  for (const [port, controlId] of [
    [county, 'FROMCOUNTY'],
    [city, 'FROMCITY'],
  ] as const) {
    const client = await openMllp({ host: '127.0.0.1', port });
    expect(codeOf(await client.send(utf8(oru({ controlId }))))).toBe('AA');
    await client.close();
  }
  const rows =
    await sql`select facility, channel from envelope where channel in ('county-door', 'city-door') order by 1`;
  expect(rows.map((row) => [row['facility'], row['channel']])).toEqual([
    [CITY, 'city-door'],
    [COUNTY, 'county-door'],
  ]);
});

test('a message from an address without a channel closes the connection and is audited once a minute', async () => {
  const port = await doorOf('distant', { from: '203.0.113.9' });
  const speak = async (): Promise<void> => {
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    const closed = once(socket.resume(), 'close');
    socket.write(frame(utf8(oru({ controlId: 'STRANGER' }))));
    await closed;
  };
  for (let times = 0; times < 3; times++) await speak();
  expect(await denials(port)).toBe(1);
  world.clock.turnTo(new Date(Date.parse(world.clock.now()) + 61_000).toISOString());
  await speak();
  expect(await denials(port)).toBe(2);
  expect(await sql`select 1 from envelope where channel = 'distant'`).toEqual([]);
});

test('a frame with more messages than the limit is answered AR, and none of it is kept', async () => {
  const port = await doorOf('flooding');
  const client = await openMllp({ host: '127.0.0.1', port });
  const one = oru({ controlId: 'MANY' }).replace('|P|2.4|', '|P|2.5.1|');
  const ack = await client.send(utf8(one.repeat(LIMITS.messagesPerFrameMax + 1)));
  expect(codeOf(ack)).toBe('AR');
  expect(new TextDecoder().decode(ack)).toContain('gateway/too-many-messages');
  expect(await sql`select 1 from envelope where channel = 'flooding'`).toEqual([]);
  expect(codeOf(await client.send(utf8(one)))).toBe('AA');
  await client.close();
});

test('a revoked channel is not heard any more, on its open connection either, while its neighbour on the port is', async () => {
  const port = await doorOf('leaving');
  expectOk(
    await addChannel(world.gateway, {
      id: 'staying' as ChannelId,
      facility: CITY,
      kind: 'mllp',
      test: false,
      port,
      from: '203.0.113.9',
    }),
  );
  const client = await openMllp({ host: '127.0.0.1', port });
  expect(codeOf(await client.send(utf8(oru({ controlId: 'BEFORE' }))))).toBe('AA');
  expectOk(await revokeChannel(world.gateway, 'leaving' as ChannelId));
  await expect(client.send(utf8(oru({ controlId: 'AFTER' })))).rejects.toThrow(MllpClosed);
  await doors.reconcile();
  expect(doors.ports()).toContain(port);
  expectOk(await revokeChannel(world.gateway, 'staying' as ChannelId));
  await doors.reconcile();
  expect(doors.ports()).not.toContain(port);
  const kept = await sql`select 1 from envelope where channel = 'leaving'`;
  expect(kept).toHaveLength(1);
});
