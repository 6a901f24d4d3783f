/** Opening the embedded database's folder: one opener at a time, whatever the last one's end. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FolderInUse, lockFolder } from '../../src/runtime/node/pglite/folder-lock.ts';
import { openPglite } from '../../src/runtime/node/pglite/open-pglite.ts';
import { copyTemplate, embeddedClient, testFolder } from '../support/store-kit.ts';

const MODULE = join(import.meta.dirname, '../../src/runtime/node/pglite/open-pglite.ts');

describe('the folder of the embedded database', () => {
  it('is refused to a second opener, in this process and in another, and told with the holder', async () => {
    const { folder, remove } = testFolder();
    const unlock = lockFolder(folder);
    expect(() => lockFolder(folder)).toThrow(FolderInUse);
    const other = run(
      `import { lockFolder } from ${JSON.stringify(MODULE.replace('open-pglite', 'folder-lock'))};
      try { lockFolder(process.argv[1]); console.log('taken'); } catch (error) { console.log(error.name, error.pid); }`,
      folder,
    );
    expect(await output(other)).toBe(`FolderInUse ${process.pid}`);
    unlock();
    lockFolder(folder)();
    expect(readdirSync(folder)).toEqual([]);
    remove();
  });

  it('is taken from a holder that is dead, or whose number belongs to another process now', () => {
    const { folder, remove } = testFolder();
    for (const stale of ['999999999 12345', `${process.pid} 1`, 'no number', '']) {
      writeFileSync(join(folder, 'concord.lock'), stale);
      lockFolder(folder)();
    }
    writeFileSync(join(folder, 'concord.lock'), `${process.ppid} `);
    expect(() => lockFolder(folder)).toThrow(FolderInUse);
    remove();
  });

  it('opens again after its process was killed, with all that was committed and nothing of what was not', async () => {
    const { folder, remove } = testFolder();
    await copyTemplate(folder);
    const child = run(
      `import { openPglite } from ${JSON.stringify(MODULE)};
       import postgres from 'postgres';
       const { url } = await openPglite({ dataDir: process.argv[1] });
       const sql = postgres('postgres://localhost/postgres', { path: url.slice(5), username: 'postgres', max: 2, fetch_types: false });
       await sql\`create table kept (n int)\`;
       await sql\`insert into kept values (1), (2)\`;
       await sql.begin(async (tx) => { await tx\`insert into kept values (3)\`; console.log('ready'); await new Promise(() => {}); });`,
      folder,
    );
    await line(child, 'ready');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(existsSync(join(folder, 'concord.lock'))).toBe(true);
    const database = await openPglite({ dataDir: folder });
    const sql = embeddedClient(database.url, { max: 1 });
    expect(await sql`select n from kept order by n`).toMatchObject([{ n: 1 }, { n: 2 }]);
    await sql.end();
    await database.close();
    remove();
  });

  it('is left clean by a close, opens again, and shows its socket to nobody else', async () => {
    const { folder, remove } = testFolder();
    await copyTemplate(folder);
    for (const round of [1, 2]) {
      const database = await openPglite({ dataDir: folder });
      expect(statSync(database.url.slice(5)).mode & 0o777).toBe(0o600);
      const sql = embeddedClient(database.url, { max: 1 });
      await sql`create table if not exists round (n int)`;
      await sql`insert into round values (${round})`;
      expect(await sql`select n from round`).toHaveLength(round);
      await sql.end();
      await database.close();
      await database.close();
      expect(readdirSync(folder)).toEqual(['data']);
    }
    remove();
  });

  it('may have a path too long for a socket', async () => {
    const { folder, remove } = testFolder();
    const deep = join(folder, 'd'.repeat(90), 'e'.repeat(90));
    mkdirSync(deep, { recursive: true });
    await copyTemplate(deep);
    const database = await openPglite({ dataDir: deep });
    const sql = embeddedClient(database.url, { max: 1 });
    expect(await sql`select 1 as one`).toMatchObject([{ one: 1 }]);
    await sql.end();
    await database.close();
    remove();
  });
});

function run(program: string, argument: string): ChildProcess {
  return spawn(process.execPath, ['--input-type=module', '--eval', program, argument], {
    cwd: join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function output(child: ChildProcess): Promise<string> {
  let text = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(child, 'exit');
  return text.trim();
}

function line(child: ChildProcess, wanted: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes(wanted)) resolve();
    });
    child.once('exit', () => reject(new Error('the process ended early')));
  });
}
