/** What the Worker has of its own: a cipher whose rows Node reads and the other way round, and the driver's bytes. */
import { randomBytes } from 'node:crypto';
import { assert, nat, property, string, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAesCipher } from '../../src/runtime/node/aes-cipher.ts';
import { systemRandom } from '../../src/runtime/node/clock.ts';
import { Buffer as DriverBuffer } from '../../src/runtime/worker/driver-buffer.ts';
import { EventEmitter } from '../../src/runtime/worker/driver-events.ts';
import { createNobleCipher } from '../../src/runtime/worker/noble-cipher.ts';
import { readWorkerSettings } from '../../src/runtime/worker/worker-settings.ts';
import { SettingFault } from '../../src/runtime/settings.ts';
import { ADMIN } from '../support/app.ts';
import { TEST_KEYS } from '../support/gateway-process.ts';

const key = new Uint8Array(32).fill(5);
const old = new Uint8Array(32).fill(6);

describe('the two ciphers', () => {
  const node = createAesCipher(key, [old]);
  const worker = createNobleCipher(systemRandom, key, [old]);

  test('open what the other sealed, whatever it is', () => {
    assert(
      property(uint8Array({ maxLength: 3_000 }), (plain) => {
        expect(new Uint8Array(node.open(worker.seal(plain), worker.keyId))).toEqual(plain);
        expect(new Uint8Array(worker.open(node.seal(plain), node.keyId))).toEqual(plain);
      }),
    );
  });

  test('name a key alike, and open what an earlier key of either sealed', () => {
    expect(worker.keyId).toBe(node.keyId);
    const plain = new Uint8Array([1, 2, 3]);
    const earlier = createAesCipher(old);
    expect(new Uint8Array(worker.open(earlier.seal(plain), earlier.keyId))).toEqual(plain);
  });

  test('refuse a changed text and an unknown key; what was never sealed passes', () => {
    const sealed = node.seal(new Uint8Array([1, 2, 3]));
    sealed[14] = (sealed[14] as number) ^ 1;
    expect(() => worker.open(sealed, worker.keyId)).toThrow();
    expect(() => worker.open(sealed, 'unknown')).toThrow('not configured');
    expect(worker.open(new Uint8Array([7]), '')).toEqual(new Uint8Array([7]));
  });
});

describe('the driver’s bytes', () => {
  test('read and write as Node’s do', () => {
    assert(
      property(string({ unit: 'grapheme', maxLength: 200 }), nat(0xffffffff), (text, number) => {
        const [ours, theirs] = [DriverBuffer.alloc(1_000), Buffer.alloc(1_000)];
        expect(DriverBuffer.byteLength(text)).toBe(Buffer.byteLength(text));
        const length = Buffer.byteLength(text);
        expect(ours.write(text, 8, length)).toBe(theirs.write(text, 8, length, 'utf8'));
        for (const bytes of [ours, theirs]) bytes.writeUInt32BE(number, 0);
        for (const bytes of [ours, theirs]) bytes.writeUInt16BE(number % 65_536, 4);
        expect(new Uint8Array(ours)).toEqual(new Uint8Array(theirs));
        expect(ours.toString('utf8', 8, 8 + length)).toBe(theirs.toString('utf8', 8, 8 + length));
        expect(DriverBuffer.from(ours.subarray(8)).toString('hex')).toBe(theirs.subarray(8).toString('hex'));
        expect(ours.toString('base64')).toBe(theirs.toString('base64'));
        expect([ours.readInt32BE(0), ours.readUInt32BE(0), ours.readUInt16BE(4)]).toEqual([
          theirs.readInt32BE(0),
          theirs.readUInt32BE(0),
          theirs.readUInt16BE(4),
        ]);
      }),
    );
  });

  test('come from texts, and join', () => {
    const bytes = randomBytes(100);
    for (const encoding of ['hex', 'base64'] as const) {
      const text = bytes.toString(encoding);
      expect(new Uint8Array(DriverBuffer.from(text, encoding))).toEqual(new Uint8Array(bytes));
    }
    const parts = [DriverBuffer.from('试'), DriverBuffer.from('验')];
    expect(DriverBuffer.concat(parts).toString()).toBe('试验');
    expect(DriverBuffer.concat(parts, 4)).toHaveLength(4);
    const target = DriverBuffer.alloc(3);
    DriverBuffer.from('a').copy(target);
    expect([...target]).toEqual([97, 0, 0]);
  });

  test('keep a byte order mark within a text', () => {
    expect(DriverBuffer.from('\ufeffx').toString()).toBe('\ufeffx');
  });
});

describe('the driver’s events', () => {
  test('reach each listener until it leaves, and once those that said so', () => {
    const events = new EventEmitter();
    const heard: string[] = [];
    const always = (value: unknown): void => void heard.push(`always ${String(value)}`);
    events.on('data', always).once('data', (value) => heard.push(`once ${String(value)}`));
    expect([events.emit('data', 1), events.emit('data', 2), events.emit('close')]).toEqual([true, true, false]);
    events.removeListener('data', always);
    events.emit('data', 3);
    expect(heard).toEqual(['always 1', 'once 1', 'always 2']);
  });
});

describe('a Worker’s settings', () => {
  const stated = { ...TEST_KEYS, ADMIN_TOKEN: ADMIN, DB: { connectionString: 'postgres://x:y@z/w' } };

  test('are read from variables, secrets and bindings', () => {
    const settings = readWorkerSettings({ ...stated, DATABASE_PREPARE: 'false', PUBLIC_URL: '' });
    expect([settings.REGION_ZONE, settings.DATABASE_PREPARE, settings.PUBLIC_URL]).toEqual([
      'Asia/Shanghai',
      false,
      undefined,
    ]);
  });

  test.each([
    ['no database', { DB: undefined }, 'DB'],
    ['no administrator', { ADMIN_TOKEN: undefined }, 'ADMIN_TOKEN'],
    ['a zone that is none', { REGION_ZONE: 'Asia/Nowhere' }, 'REGION_ZONE'],
    ['a header that is none', { PEER_HEADER: 'X Y' }, 'PEER_HEADER'],
  ])('%s is told by name, never by value', (_, over, name) => {
    const read = (): unknown => readWorkerSettings({ ...stated, ...over });
    expect(read).toThrow(SettingFault);
    expect(read).toThrow(name);
  });
});
