/** The embedded database's wire server: what it refuses, and what it survives. */
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWireServer, type WireServer } from '../../src/runtime/node/pglite/wire-server.ts';
import { embeddedClient, testFolder } from '../support/store-kit.ts';

const MESSAGE_BYTES_MAX = 200_000;

describe('the wire server of the embedded database', () => {
  const { folder, remove } = testFolder();
  const path = join(folder, 's');
  let database: PGlite;
  let wire: WireServer;
  let sql: postgres.Sql;

  beforeAll(async () => {
    database = await PGlite.create('memory://');
    wire = createWireServer(
      {
        send: (messages, onAnswer) =>
          database.runExclusive(() => database.execProtocolRawStream(messages, { onRawData: onAnswer })),
        rollback: async () => void (await database.exec('rollback')),
      },
      {
        connectionsMax: 3,
        messageBytesMax: MESSAGE_BYTES_MAX,
        parameters: { server_version: '18', client_encoding: 'UTF8' },
        onBroken: (error) => {
          throw error;
        },
      },
    );
    wire.server.listen(path);
    await once(wire.server, 'listening');
    sql = embeddedClient(`unix:${path}`, { max: 1 });
    await sql`create table note (text text)`;
  });
  afterAll(async () => {
    await sql.end();
    await wire.stop();
    await database.close();
    remove();
  });

  for (const statement of [
    'copy note from stdin',
    ' /* a */ -- b\n COPY note to stdout',
    'listen news',
    'notify news',
    'unlisten *',
  ]) {
    for (const simple of [true, false]) {
      it(`refuses "${statement.trim()}" with a clear error (${simple ? 'simple' : 'extended'} protocol) and goes on`, async () => {
        const refused = sql.unsafe(statement, [], { simple } as never);
        await expect(refused).rejects.toThrow(/not available in the embedded database/);
        await expect(refused).rejects.toMatchObject({ code: '0A000' });
        expect(await sql`select 1 as one`).toMatchObject([{ one: 1 }]);
      });
    }
  }

  it('fails the transaction around a refused statement, as a server would', async () => {
    const failed = sql.begin(async (tx) => {
      await tx`insert into note values ('lost')`;
      await tx.unsafe('copy note to stdout').catch(() => undefined);
      await tx`insert into note values ('lost too')`;
    });
    await expect(failed).rejects.toMatchObject({ code: '0A000' });
    expect(await sql`select * from note`).toHaveLength(0);
  });

  it('takes a statement that merely mentions those words', async () => {
    await sql`insert into note values ('copy this; listen'), (${'notify; copy x'})`;
    expect(await sql`select text from note where text like 'copy%' or text like ${'notify%'}`).toHaveLength(2);
    await sql`delete from note`;
  });

  it('rolls back what a dead client left open, and lets the others go on', async () => {
    const client = await connect(path);
    client.write(query("begin; insert into note values ('from the dead')"));
    await until(client, 'T');
    const waiting = sql`select count(*)::int as notes from note`;
    client.destroy();
    expect(await waiting).toMatchObject([{ notes: 0 }]);
    await sql`insert into note values ('after')`;
    expect(await sql`select text from note`).toMatchObject([{ text: 'after' }]);
    await sql`delete from note`;
  });

  it('survives a client that dies in the middle of a message', async () => {
    const client = await connect(path);
    client.write(query("insert into note values ('never whole')").subarray(0, 20));
    client.destroy();
    expect(await sql`select count(*)::int as notes from note`).toMatchObject([{ notes: 0 }]);
  });

  it('turns away a message over the limit, and impossible lengths, with an error and not with its memory', async () => {
    for (const length of [MESSAGE_BYTES_MAX + 1, 2_000_000_000, 3, -5]) {
      const client = await connect(path);
      const head = Buffer.from([0x51, 0, 0, 0, 0]);
      head.writeInt32BE(length, 1);
      client.write(head);
      expect(await rest(client), String(length)).toContain('08P01');
    }
    expect(await sql`select 1 as one`).toMatchObject([{ one: 1 }]);
  });

  it('turns away one connection more than it has room for', async () => {
    const others = [await connect(path), await connect(path)];
    const late = createConnection(path);
    late.write(startPacket());
    expect(await rest(late)).toContain('53300');
    for (const other of others) other.destroy();
    const again = await connect(path);
    again.destroy();
  });

  it('says no to encryption and to cancelling, and goes on', async () => {
    const client = createConnection(path);
    client.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
    const [answer] = (await once(client, 'data')) as [Buffer];
    expect(answer.toString()).toBe('N');
    client.write(startPacket());
    await until(client, 'I');
    client.destroy();
    const cancel = createConnection(path);
    cancel.write(Buffer.from([0, 0, 0, 16, 4, 210, 22, 46, 0, 0, 0, 0, 0, 0, 0, 0]));
    expect(await rest(cancel)).toBe('');
  });

  it('forgets the prepared statements of a connection that is gone', async () => {
    const other = embeddedClient(`unix:${path}`, { max: 1 });
    await other`select ${1}::int as n`;
    const held = async (): Promise<number> => {
      const [row] = await sql`select count(*)::int as n from pg_prepared_statements`;
      return row?.['n'] as number;
    };
    const before = await held();
    await other.end();
    expect(await held()).toBe(before - 1);
  });

  it('carries texts and bytes of megabytes within the limit both ways', async () => {
    const text = '检验'.repeat(20_000);
    const [row] = await sql`select ${text}::text as text, repeat('x', 3000000) as long`;
    expect(row?.['text']).toBe(text);
    expect(String(row?.['long']).length).toBe(3_000_000);
  });
});

function startPacket(): Buffer {
  const fields = Buffer.from('user\0postgres\0database\0postgres\0\0');
  const head = Buffer.alloc(8);
  head.writeInt32BE(fields.length + 8, 0);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, fields]);
}

function query(text: string): Buffer {
  const body = Buffer.from(`${text}\0`);
  const head = Buffer.from([0x51, 0, 0, 0, 0]);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Connected and greeted. */
async function connect(path: string): Promise<Socket> {
  const client = createConnection(path);
  client.write(startPacket());
  await until(client, 'I');
  return client;
}

/** Waits for ReadyForQuery in this state. */
function until(client: Socket, state: string): Promise<void> {
  return new Promise((resolve) => {
    let seen = Buffer.alloc(0);
    const onData = (chunk: Buffer): void => {
      seen = Buffer.concat([seen, chunk]);
      if (!seen.subarray(-6).equals(Buffer.from([0x5a, 0, 0, 0, 5, state.charCodeAt(0)]))) return;
      client.off('data', onData);
      resolve();
    };
    client.on('data', onData);
  });
}

/** All that comes until the server hangs up. */
async function rest(client: Socket): Promise<string> {
  let seen = '';
  client.on('data', (chunk: Buffer) => {
    seen += chunk.toString('latin1');
  });
  client.on('error', () => undefined);
  await once(client, 'close');
  return seen;
}
