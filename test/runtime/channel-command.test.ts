/** `concord channel issuer`: who signs a CDS Hooks client's calls is set, changed and taken away. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSettings } from '../../src/runtime/node/settings.ts';
import { type RunningGateway, startGateway } from '../../src/runtime/node/start-gateway.ts';
import { runCommand } from '../support/command.ts';
import { keySet, makeKey } from '../support/signer.ts';
import { testFolder } from '../support/store-kit.ts';

const { folder, remove } = testFolder();
let gateway: RunningGateway;
beforeAll(async () => {
  gateway = await startGateway(readSettings({ DATA_DIR: join(folder, 'data'), PORT: '0' }));
});
afterAll(async () => {
  await gateway.stop();
  remove();
});
const run = (...args: readonly string[]) => runCommand(args, { DATA_DIR: join(folder, 'data') });

async function issuerOf(id: string): Promise<string | undefined> {
  const { out } = await run('channel', 'list');
  return (JSON.parse(out) as { id: string; issuer?: string }[]).find((one) => one.id === id)?.issuer;
}

test('an issuer is set with the channel, changed, and taken away', { timeout: 120_000 }, async () => {
  const jwks = join(folder, 'jwks.json');
  writeFileSync(jwks, keySet(await makeKey('ES384', 'k1')));
  const facilities = join(folder, 'facilities.csv');
  writeFileSync(facilities, 'id,name,level,area,zone\ncity,City,3,110101,Asia/Shanghai\n');
  expect(await run('facility', 'import', facilities)).toMatchObject({ code: 0, err: '' });
  const client = ['channel', 'add', '--facility', 'city', '--kind', 'client', '--jwks', jwks];
  const [first, second] = ['https://his.city.example/cds', 'https://his.city.example/cds2'];
  expect(await run(...client, '--id', 'city-cds', '--issuer', first)).toMatchObject({ code: 0, err: '' });
  expect(await issuerOf('city-cds')).toBe(first);
  expect(await run('channel', 'issuer', 'city-cds', second)).toMatchObject({ code: 0, err: '' });
  expect(await issuerOf('city-cds')).toBe(second);

  const taken = await run(...client, '--id', 'city-other', '--issuer', second);
  expect([taken.code, taken.err]).toEqual([1, expect.stringContaining('gateway/issuer-taken')]);
  // Nothing is taken away by a word that was forgotten.
  expect((await run('channel', 'issuer', 'city-cds')).code).not.toBe(0);
  expect(await issuerOf('city-cds')).toBe(second);

  expect(await run('channel', 'issuer', 'city-cds', '--none')).toMatchObject({ code: 0, err: '' });
  expect(await issuerOf('city-cds')).toBeUndefined();
});
