/** `concord catalogue`: a version is checked, imported, compared, and an older one taken again; faults change nothing. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSettings } from '../../src/runtime/node/settings.ts';
import { type RunningGateway, startGateway } from '../../src/runtime/node/start-gateway.ts';
import { runCommand } from '../support/command.ts';
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
const run = (...args: readonly string[]) => runCommand(['catalogue', ...args], { DATA_DIR: join(folder, 'data') });
const SAMPLE = 'mappings/catalogue';

/** The sample with the window of potassium written otherwise. */
function changedFolder(name: string, hours: string): string {
  const dir = join(folder, name);
  cpSync(SAMPLE, dir, { recursive: true });
  const file = join(dir, 'items.csv');
  const text = readFileSync(file, 'utf8');
  const potassium = /^K,(?:[^\n]*?),72,/m;
  expect(text).toMatch(potassium);
  writeFileSync(
    file,
    text.replace(potassium, (line) => line.replace(/72,$/, `${hours},`)),
  );
  return dir;
}

const digestIn = (text: string): string => /catalogue (\S+):/.exec(text)?.[1] ?? '';

test('versions are checked, kept, compared and taken again', async () => {
  const strict = changedFolder('strict', '24');
  const wrong = changedFolder('wrong', 'soon');

  const first = await run('import', SAMPLE);
  expect([first.code, first.err]).toEqual([0, '']);
  const sample = digestIn(first.out);

  expect(await run('check', wrong)).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^fatal recognition\/bad-number items\.csv:\d+\/window_hours\n$/),
  });
  expect((await run('diff', strict)).out).toBe('~ items.csv K window_hours: 72 → 24\n');

  const imported = await run('import', strict, '--keep-only');
  expect(imported.out).toMatch(/: 151 items, 1 lines differ, 0 stored results re-indexed\n$/);
  const kept = digestIn(imported.out);
  expect(kept).not.toBe(sample);
  expect((await run('diff', sample, kept)).out).toBe('~ items.csv K window_hours: 24 → 72\n');
  expect((await run('activate', kept)).code).toBe(0);
  const unknown = await run('activate', 'no-such-version');
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('gateway/unknown-catalogue')]);
  const lines = (await run('list')).out.split('\n').filter((line) => line !== '');
  const active = lines.map((line) => [line.split(' ')[0], line.endsWith(' active')] as const);
  expect(new Map(active)).toEqual(
    new Map([
      [sample, false],
      [kept, true],
    ]),
  );
});
