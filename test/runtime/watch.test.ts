/** A cart's folder and the ECG command, as an operator runs them: processes of their own, real files. */
import { execFile, spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ECG_CASES } from '../../fixtures/ecg/cases.ts';
import { readEcg } from '../../src/formats/ecg/read-ecg.ts';
import { watchFolder } from '../../src/runtime/node/watch/watched-folder.ts';
import { bytesOf, recordingsIn } from '../../src/runtime/node/watch/recordings.ts';
import { printable } from '../../src/runtime/node/watch/send-recordings.ts';
import { runCommand } from '../support/command.ts';
import { oru } from '../support/messages.ts';
import { ecgCase, scpFile } from '../support/scp-file.ts';

const ROOT = resolve(import.meta.dirname, '../..');
let folder: string;
let data: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'concord-watch-'));
  data = join(folder, 'data');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a watched folder', () => {
  test('gives a file once its size and time have stood still for long enough', () => {
    const place = join(folder, 'still');
    mkdirSync(place);
    const watched = watchFolder(place, 2_000);
    writeFileSync(join(place, 'one.scp'), 'half');
    expect(watched.settled(0)).toEqual([]);
    expect(watched.waiting()).toBe(1);
    writeFileSync(join(place, 'one.scp'), 'half and half');
    expect(watched.settled(2_500)).toEqual([]);
    expect(watched.settled(4_000)).toEqual([]);
    expect(watched.settled(4_600).map(({ name }) => name)).toEqual(['one.scp']);
  });

  test('passes over what is still being written under another name, and empty files', () => {
    const place = join(folder, 'names');
    mkdirSync(place);
    for (const name of ['a.scp.part', '.hidden', '~lock', 'b.tmp']) writeFileSync(join(place, name), 'x');
    writeFileSync(join(place, 'empty.scp'), '');
    writeFileSync(join(place, 'c.scp'), 'x');
    mkdirSync(join(place, 'd.scp'));
    symlinkSync('/etc/hostname', join(place, 'e.scp'));
    const settled = watchFolder(place, 0)
      .settled(1)
      .map(({ name }) => name);
    expect(settled).toEqual(['c.scp', 'empty.scp']);
  });

  test('takes a file out of the way before it is read: what comes under its name meanwhile is another', () => {
    const place = join(folder, 'replaced');
    mkdirSync(place);
    const watched = watchFolder(place, 0);
    writeFileSync(join(place, 'ecg.scp'), 'first patient');
    const [file] = watched.settled(1);
    const taken = watched.take(file!);
    writeFileSync(join(place, 'ecg.scp'), 'second patient');
    expect(new TextDecoder().decode(watched.read(taken!))).toBe('first patient');
    watched.put(taken!, 'done');
    expect(readFileSync(join(place, 'ecg.scp'), 'utf8')).toBe('second patient');
    // Another watcher was first.
    const [next] = watched.settled(1);
    rmSync(next!.path);
    expect(watched.take(next!)).toBeUndefined();
  });

  test('goes on with what an earlier run had taken and not put away', () => {
    const place = join(folder, 'resumed');
    mkdirSync(place);
    writeFileSync(join(place, 'ecg.scp'), 'x');
    const first = watchFolder(place, 0);
    first.take(first.settled(1)[0]!);
    expect(readdirSync(place)).toEqual(['taking']);
    const second = watchFolder(place, 0);
    second.resume();
    expect(second.settled(1).map(({ name }) => name)).toEqual(['ecg.scp']);
  });

  test('prints names of files as text and nothing else', () => {
    expect(printable('a\u001b[31m\nb.scp: taken\u202e')).toBe('a·[31m·b.scp: taken·');
  });

  test('never writes over a file that was put away before', () => {
    const place = join(folder, 'twice');
    mkdirSync(place);
    const watched = watchFolder(place, 0);
    for (const content of ['first', 'second', 'third']) {
      writeFileSync(join(place, 'ecg.xml'), content);
      const [file] = watched.settled(1);
      const taken = file === undefined ? undefined : watched.take(file);
      if (taken !== undefined) watched.put(taken, 'done');
    }
    expect(readdirSync(join(place, 'done')).toSorted()).toEqual(['ecg-2.xml', 'ecg-3.xml', 'ecg.xml']);
    expect(readFileSync(join(place, 'done', 'ecg-3.xml'), 'utf8')).toBe('third');
  });

  test('holds a WFDB header until its signals are there, and a signal until its header is', () => {
    const found = ECG_CASES.find(({ name }) => name === 'wfdb-format-16');
    const [signal = ''] = Object.keys(found?.companions?.() ?? {});
    const contents: Record<string, Uint8Array> = { 'r.hea': found!.make(), ...found?.companions?.() };
    const file = (name: string) => ({ name, path: name });
    const read = ({ name }: { name: string }): Uint8Array => contents[name] as Uint8Array;
    const names = (given: readonly string[]) => {
      const { ready, incomplete } = recordingsIn(given.map(file), read);
      return [ready.map((one) => one.map(({ name }) => name)), incomplete.map(({ name }) => name)];
    };
    expect(names(['r.hea'])).toEqual([[], ['r.hea']]);
    expect(names([signal])).toEqual([[], [signal]]);
    expect(names(['r.hea', signal])).toEqual([[['r.hea', signal]], []]);
    expect(bytesOf([file('r.hea'), file(signal)], read).subarray(0, 2)).toEqual(new Uint8Array([0x50, 0x4b]));
    expect(bytesOf([file('r.hea')], read)).toBe(contents['r.hea']);
  });
});

// Each command is a process that opens its own database.
describe('concord watch', { timeout: 120_000 }, () => {
  const env = () => ({ DATA_DIR: data });

  test('takes ECG files of any format and HL7 v2, puts away what failed, and ends when nothing waits', async () => {
    const facility = ['facility', 'add', '--id', 'town', '--name', '试验卫生院', '--level', '1', '--area', '000001'];
    expect(await runCommand(facility, env())).toMatchObject({ code: 0 });
    const channel = ['channel', 'add', '--id', 'cart', '--facility', 'town', '--kind', 'folder'];
    expect(await runCommand(channel, env())).toMatchObject({ code: 0 });
    const drop = join(folder, 'drop');
    mkdirSync(drop);
    writeFileSync(join(drop, 'one.scp'), scpFile({ id: 'C1', shift: 1 }));
    writeFileSync(join(drop, 'two.xml'), ecgCase('aecg-default-namespace'));
    writeFileSync(join(drop, 'three.hl7'), oru({ controlId: 'C3' }));
    writeFileSync(join(drop, 'broken.scp'), scpFile({ id: 'C4' }).slice(0, 100));
    writeFileSync(join(drop, 'notes.txt'), 'nothing that a device writes');
    writeFileSync(join(drop, 'empty.xml'), '');
    writeFileSync(join(drop, 'many.hl7'), 'MSH|^~\\&|\r'.repeat(1_001));
    const found = ECG_CASES.find(({ name }) => name === 'wfdb-format-16');
    writeFileSync(join(drop, 'record.hea'), found!.make());
    for (const [name, bytes] of Object.entries(found?.companions?.() ?? {})) writeFileSync(join(drop, name), bytes);
    const watched = await runCommand(['watch', drop, '--channel', 'cart', '--settle', '0', '--once'], env());
    expect([watched.code, watched.err]).toEqual([1, '']);
    expect(readdirSync(join(drop, 'done')).toSorted()).toEqual(
      ['one.scp', 'two.xml', 'three.hl7', 'record.hea', ...Object.keys(found?.companions?.() ?? {})].toSorted(),
    );
    const failed = readdirSync(join(drop, 'failed')).toSorted();
    const expected = ['broken.scp', 'empty.xml', 'many.hl7', 'notes.txt'];
    expect(failed).toEqual(expected.flatMap((name) => [name, `${name}.problems.txt`]));
    expect(readdirSync(join(drop, 'taking'))).toEqual([]);
    expect(watched.out).not.toMatch(/C1|C4|CESHI/);

    // Dropped again: a resend, taken all the same.
    writeFileSync(join(drop, 'one.scp'), scpFile({ id: 'C1', shift: 1 }));
    const again = await runCommand(['watch', drop, '--channel', 'cart', '--settle', '0', '--once'], env());
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('one.scp: taken')]);
  });

  test('refuses a channel that is none, and leaves the file where it is', async () => {
    const drop = join(folder, 'no-door');
    mkdirSync(drop);
    writeFileSync(join(drop, 'one.scp'), scpFile({ id: 'C5' }));
    const told = await runCommand(['watch', drop, '--channel', 'nobody', '--settle', '0', '--once'], env());
    expect([told.code, told.err]).toEqual([1, expect.stringContaining('gateway/unknown-channel')]);
    expect(readdirSync(drop).toSorted()).toEqual(['one.scp', 'taking']);
    for (const args of [['watch'], ['watch', join(folder, 'nowhere'), '--channel', 'cart'], ['watch', drop]])
      expect((await runCommand(args, env())).code).toBe(2);
  });

  test('ends with 1 for what failed while another file was still being written', async () => {
    const drop = join(folder, 'one-by-one');
    mkdirSync(drop);
    writeFileSync(join(drop, 'broken.scp'), scpFile({ id: 'C7' }).slice(0, 100));
    const child = spawn(
      process.execPath,
      ['src/runtime/node/cli.ts', 'watch', drop, '--channel', 'cart', '--settle', '1', '--once'],
      { cwd: ROOT, env: { PATH: process.env['PATH'], ...env() } },
    );
    const growing = setInterval(() => appendFileSync(join(drop, 'whole.scp.growing'), 'x'), 200);
    const failed = new Promise<void>((seen) =>
      child.stdout.on('data', (text: Buffer) => text.toString().includes('broken.scp: failed') && seen()),
    );
    const ended = new Promise<number | null>((end) => child.once('exit', end));
    await failed;
    clearInterval(growing);
    writeFileSync(join(drop, 'whole.scp.growing'), scpFile({ id: 'C8', shift: 8 }));
    expect(await ended).toBe(1);
    expect(readdirSync(join(drop, 'done'))).toEqual(['whole.scp.growing']);
  });

  test('goes on until it is told to end, and takes what comes meanwhile', async () => {
    const drop = join(folder, 'live');
    mkdirSync(drop);
    const child = spawn(
      process.execPath,
      ['src/runtime/node/cli.ts', 'watch', drop, '--channel', 'cart', '--settle', '0'],
      { cwd: ROOT, env: { PATH: process.env['PATH'], ...env() } },
    );
    const ended = new Promise<number | null>((end) => child.once('exit', end));
    const taken = new Promise<void>((seen) =>
      child.stdout.on('data', (text: Buffer) => text.toString().includes('late.scp: taken') && seen()),
    );
    writeFileSync(join(drop, 'late.scp'), scpFile({ id: 'C6', shift: 6 }));
    await taken;
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
    expect(readdirSync(join(drop, 'done'))).toEqual(['late.scp']);
  });
});

describe('concord ecg', () => {
  test('tells what a file holds without naming anybody, and draws its page', async () => {
    const place = join(folder, 'pages');
    mkdirSync(place);
    const file = join(place, 'x.scp');
    writeFileSync(file, scpFile({ id: 'GEHEIM', confirmed: 1 }));
    const [svg, pdf] = [join(place, 'x.svg'), join(place, 'x.pdf')];
    const told = await runCommand(['ecg', file, '--svg', svg, '--pdf', pdf, '--layout', '6x2', '--lang', 'en'], {});
    expect([told.code, told.err]).toEqual([0, '']);
    expect(told.out).toContain('scp 2.0, confirmed');
    expect(told.out).toContain('rhythm 5000 samples at 500 Hz: I II V1 V2 V3 V4 V5 V6 (III) (aVR) (aVL) (aVF)');
    expect(told.out).not.toContain('GEHEIM');
    expect(readFileSync(svg, 'utf8')).toMatch(/^<svg/);
    expect(readFileSync(pdf).subarray(0, 5).toString()).toBe('%PDF-');
  });

  test('reads the samples that `npm run ecg:samples` writes', async () => {
    const place = join(folder, 'samples');
    await promisify(execFile)(process.execPath, ['fixtures/ecg/write-files.ts', place], { cwd: ROOT });
    const files = readdirSync(place);
    const companion = (name: string): Uint8Array => readFileSync(join(place, name));
    const formats = files.flatMap((file) => readEcg(readFileSync(join(place, file)), companion).value?.format ?? []);
    expect(formats.toSorted()).toEqual([...new Set(ECG_CASES.map(({ format }) => format))].toSorted());
  });

  test('ends with 1 for what is none, and with 2 when it is used wrongly', async () => {
    const file = join(folder, 'none.bin');
    writeFileSync(file, 'nothing');
    const told = await runCommand(['ecg', file], {});
    expect([told.code, told.out]).toEqual([1, expect.stringContaining('ecg/format-unknown')]);
    for (const args of [['ecg'], ['ecg', join(folder, 'nowhere')], ['ecg', file, '--layout', '4x3']])
      expect((await runCommand(args, {})).code).toBe(2);
  });

  test('is what `concord map` makes a bundle of, and a WFDB header finds the signals beside it', async () => {
    const place = join(folder, 'map');
    mkdirSync(place);
    const found = ECG_CASES.find(({ name }) => name === 'wfdb-format-16');
    writeFileSync(join(place, 'record.hea'), found!.make());
    for (const [name, bytes] of Object.entries(found?.companions?.() ?? {})) writeFileSync(join(place, name), bytes);
    const told = await runCommand(['map', join(place, 'record.hea'), '--out', join(place, 'out'), '--json'], {});
    const line = JSON.parse(told.out) as { format: string; in: Record<string, number>; out: Record<string, number> };
    expect([told.code, line.format, line.in['leads']]).toEqual([0, 'ecg', found?.truth.leads.length]);
    const bundle = JSON.parse(readFileSync(join(place, 'out', 'record.hea.json'), 'utf8')) as { type: string };
    expect(bundle.type).toBe('collection');
  });
});
