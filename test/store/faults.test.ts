/** When the database goes away: told as StoreUnavailable, without any value, and mended by itself. */
import { createServer } from 'node:net';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { StoreUnavailable } from '../../src/ports/store.ts';
import { isRetried, StoreFault, toFault } from '../../src/store/driver/fault.ts';
import { connect, openStore } from '../../src/store/open-store.ts';
import type { Bucket } from '../../src/terms/bucket.ts';
import type { FacilityId } from '../../src/terms/facility.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { noPostgresOfOurs } from '../support/required.ts';
import { openMigratedPglite, testClock, testKeys } from '../support/store-kit.ts';
import { directoryClaim, envelope, facilityId, fresh } from './contract/kit.ts';

const settings = { keys: testKeys, clock: testClock() };
const missing = noPostgresOfOurs();

describe('a fault of the database', () => {
  it('that passes is told as unavailable, a refusal as a fault, and neither with a value', () => {
    for (const code of [
      '53100',
      '53200',
      '53300',
      '57P01',
      '57P03',
      '08006',
      '58030',
      '25006',
      'ECONNREFUSED',
      'EPIPE',
      'CONNECTION_CLOSED',
      'CONNECT_TIMEOUT',
    ]) {
      const fault = toFault(
        Object.assign(new Error('secret 000000199001011234'), { code, query: 'secret', parameters: ['secret'] }),
      );
      expect(fault, code).toBeInstanceOf(StoreUnavailable);
      expect(`${fault.message}${fault.stack}${JSON.stringify(fault)}`, code).not.toContain('secret');
    }
    const refused = toFault(
      Object.assign(new Error('Key (mac)=(secret)'), { code: '23505', constraint_name: 'directory_pk' }),
    );
    expect(refused).toBeInstanceOf(StoreFault);
    expect(refused.message).toContain('directory_pk');
    expect(refused.message).not.toContain('secret');
    expect(
      toFault(Object.assign(new Error('x'), { code: '23505', constraint_name: 'Not A "name" (secret)' })).message,
    ).not.toContain('secret');
    expect(toFault('a thrown text').message).not.toContain('thrown text');
  });

  it('is retried only where trying again can help', () => {
    const fault = (code: string) => toFault(Object.assign(new Error('x'), { code }));
    expect(['40001', '40P01', '23505'].map((code) => isRetried(fault(code)))).toEqual([true, true, true]);
    expect(['23502', '42601', '53100', '25P02'].map((code) => isRetried(fault(code)))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('at the start is told at once when nothing listens', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as { port: number };
    probe.close();
    await once(probe, 'close');
    await expect(openStore({ ...settings, url: `postgres://u@127.0.0.1:${port}/d` })).rejects.toThrow(StoreUnavailable);
    await expect(openStore({ ...settings, url: 'unix:/nowhere/at/all.sock' })).rejects.toThrow(StoreUnavailable);
  });

  it('after the end of the store is told as unavailable', async () => {
    const database = await openMigratedPglite();
    const store = await openStore({ ...settings, url: database.url });
    await store.close();
    await expect(store.standing()).rejects.toThrow(StoreUnavailable);
    await expect(store.transaction(() => Promise.resolve(1))).rejects.toThrow(StoreUnavailable);
    await database.close();
  });
});

describe.skipIf(missing !== undefined)(
  `a PostgreSQL that is killed${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    let server: TestPostgres;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server.stop());

    it('fails what was under way, stops nothing else, and is used again when it is back', async () => {
      const store = await openStore({ ...settings, url: server.url });
      const facility = facilityId();
      for (const round of [1, 2, 3]) {
        const kept = envelope(facility, settings.clock.now());
        await store.transaction((tx) => tx.insertEnvelope(kept));
        let inside: () => void = () => undefined;
        const reached = new Promise<void>((resolve) => {
          inside = resolve;
        });
        const open = Array.from({ length: 6 }, () =>
          store.transaction(async (tx) => {
            await tx.claim([directoryClaim(facility, 'report')]);
            inside();
            for (;;) await tx.claim([directoryClaim(facility, 'report')]);
          }),
        );
        const waiting = Promise.allSettled(open);
        await reached;
        await server.kill();
        for (const fate of await waiting)
          expect(fate.status === 'rejected' && fate.reason).toBeInstanceOf(StoreUnavailable);
        await expect(store.standing()).rejects.toThrow(StoreUnavailable);
        await expect(store.recordAnswer({ audit: [], offers: [], entries: [] })).rejects.toThrow(StoreUnavailable);
        await server.start();
        await vi.waitFor(() => store.standing(), { timeout: 10_000, interval: 20 });
        await vi.waitFor(() => store.transaction((tx) => tx.seenBefore(kept)), { timeout: 10_000, interval: 20 });
        expect((await store.read.envelopes({ limit: 100 })).filter((one) => one.facility === facility)).toHaveLength(
          round,
        );
      }
      await store.close();
    });

    it('never lets a lost transaction go on upon another connection', async () => {
      const store = await openStore({ ...settings, url: server.url, lanes: 1 });
      const claims = ['a', 'b'].map((letter) => ({
        facility: 'lost' as FacilityId,
        kind: 'report' as const,
        mac: letter,
        bucket: 1 as Bucket,
        id: letter,
      }));
      const admin = connect({ url: server.url, lanes: 1, readers: 1 });
      const lost = store.transaction(async (tx) => {
        await tx.claim(claims.slice(0, 1));
        await admin.run(
          "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'concord' and state = 'idle in transaction'",
        );
        await tx.claim(claims.slice(1)).catch(() => undefined);
        await tx.claim(claims.slice(1)).catch(() => undefined);
        await tx.enqueue({ kind: 'notify', orderingKey: fresh('key-'), due: settings.clock.now(), reference: 'lost' });
      });
      await expect(lost).rejects.toThrow(StoreUnavailable);
      const [left] = await admin.run(
        "select (select count(*) from directory where facility = 'lost') as claims, (select count(*) from job) as jobs",
      );
      expect(left).toEqual({ claims: 0, jobs: 0 });
      await expect(store.transaction((tx) => tx.claim(claims))).resolves.toHaveLength(2);
      await admin.close();
      await store.close();
    });
  },
);
