/** A gateway on a loopback port with a patient of 250 results, for clients that nobody here wrote. */
import { serve, type ServerType } from '@hono/node-server';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey } from 'jose';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { addChannel } from '../../../src/gateway/channels.ts';
import type { ChannelId } from '../../../src/terms/channel.ts';
import { openApp } from '../../support/app.ts';
import { COUNTY, DATABASES, expectOk, openWorld, type TestDatabase, type TestWorld } from '../../support/gateway.ts';
import { oru, ZHANG } from '../../support/messages.ts';

export const CLIENT = 'signing-client';
export const WEAK = 'weak-client';
export const NATIONAL = 'urn:oid:2.16.156.10011.1.3';
/** Of the patient with 250 results. */
export const NUMBER = ZHANG.national;

export interface ServedWorld {
  /** `http://127.0.0.1:port` */
  readonly origin: string;
  readonly world: TestWorld;
  readonly secret: string;
  /** A client assertion for the token endpoint, as a backend client signs it. */
  assertion(audience: string): Promise<string>;
  close(): Promise<void>;
}

export async function serveWorld(): Promise<ServedWorld> {
  const database: TestDatabase = await DATABASES[0]!.open();
  const world = await openWorld(database);
  world.clock.turnTo(new Date().toISOString());
  for (let n = 0; n < 50; n++) await world.send(COUNTY, oru({ controlId: `N${n}`, filler: `N${n}` }));
  const { privateKey, publicKey } = await generateKeyPair('ES384', { extractable: true });
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1' }] });
  expectOk(
    await addChannel(world.gateway, { id: CLIENT as ChannelId, facility: COUNTY, kind: 'client', test: false, jwks }),
  );
  const weak = expectOk(
    await addChannel(world.gateway, { id: WEAK as ChannelId, facility: COUNTY, kind: 'client', test: false }),
  );
  const app = openApp(world.gateway);
  const server: ServerType = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' });
  if (!server.listening) await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    world,
    secret: weak.secret ?? '',
    assertion: (audience) => sign(privateKey, audience),
    close: async () => {
      server.close();
      if ('closeAllConnections' in server) server.closeAllConnections();
      await world.close();
      await database.close();
    },
  };
}

let jti = 0;

function sign(key: CryptoKey, audience: string): Promise<string> {
  return new SignJWT({ jti: `j${jti++}` })
    .setProtectedHeader({ alg: 'ES384', kid: 'k1' })
    .setIssuer(CLIENT)
    .setSubject(CLIENT)
    .setAudience(audience)
    .setExpirationTime('4m')
    .sign(key);
}

/** SMART Backend Services, as any client does it. */
export async function tokenFrom(tokenUrl: string, assertion: string): Promise<string> {
  const answer = await fetch(tokenUrl, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'system/*.cruds',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    }),
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

/** A patient with a name of its own and two results, as a transaction. */
export function transactionOf(name: string): object {
  const patient = 'urn:uuid:3fdc72f4-a11d-4a9d-9260-a9f745779e1d';
  const result = (value: number) => ({
    resource: {
      resourceType: 'Observation',
      status: 'final',
      code: { coding: [{ code: 'WBC', display: '白细胞' }] },
      subject: { reference: patient },
      effectiveDateTime: '2026-03-01T08:00:00+08:00',
      valueQuantity: { value, unit: '10^9/L' },
    },
    request: { method: 'POST', url: 'Observation' },
  });
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl: patient,
        resource: {
          resourceType: 'Patient',
          identifier: [{ system: 'urn:clients', value: name }],
          name: [{ text: '钱试验' }],
        },
        request: { method: 'POST', url: 'Patient', ifNoneExist: `identifier=urn:clients|${name}` },
      },
      result(5.1),
      result(5.2),
    ],
  };
}
