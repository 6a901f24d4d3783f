import { describe, expect, test } from 'vitest';
import { createFramer, type FrameEvent, frame } from '../../../../src/formats/hl7v2/mllp.ts';
import { bytesOf } from './samples.ts';

const VT = '\u000B';
const FS = '\u001C';

/** Events as short texts: a message's text, `! code at`, `> head length`. */
function run(input: string, options: { chunk?: number; bytesMax?: number; ended?: boolean } = {}): string[] {
  const framer = createFramer({ bytesMax: options.bytesMax ?? 1000 });
  const bytes = bytesOf(input);
  const events: FrameEvent[] = [];
  const size = options.chunk ?? bytes.length;
  for (let i = 0; i < bytes.length; i += size) events.push(...framer.push(bytes.subarray(i, i + size)));
  if (options.ended === true) events.push(...framer.end());
  return events.map((event) =>
    event.kind === 'message'
      ? new TextDecoder().decode(event.bytes)
      : event.kind === 'oversize'
        ? `> ${event.head.length} ${event.problem.code}`
        : `! ${event.problem.code} ${event.problem.at}`,
  );
}

const CASES: readonly (readonly [string, string, readonly string[]])[] = [
  ['a message', `${VT}one${FS}\r`, ['one']],
  ['two messages', `${VT}one${FS}\r${VT}two${FS}\r`, ['one', 'two']],
  ['an empty message', `${VT}${FS}\r`, ['']],
  ['line ends between frames', `\r\n${VT}one${FS}\r\r\n${VT}two${FS}\r\n`, ['one', 'two']],
  ['junk before a frame', `junk${VT}one${FS}\r`, ['! hl7v2/frame-junk frame 1', 'one']],
  ['junk between frames', `${VT}one${FS}\rjunk\r${VT}two${FS}\r`, ['one', '! hl7v2/frame-junk frame 2', 'two']],
  ['a frame inside a frame', `${VT}on${VT}one${FS}\r`, ['! hl7v2/frame-restarted frame 1', 'one']],
  [
    'an end without carriage return',
    `${VT}one${FS}${VT}two${FS}\r`,
    ['one', '! hl7v2/frame-end-incomplete frame 1', 'two'],
  ],
  ['an unfinished frame', `${VT}one${FS}\r${VT}tw`, ['one']],
];

describe('framing', () => {
  test.each(CASES)('%s, in one chunk', (_, input, events) => expect(run(input)).toEqual(events));
  test.each(CASES)('%s, byte by byte', (_, input, events) => expect(run(input, { chunk: 1 })).toEqual(events));
  test.each(CASES)('%s, in chunks of three', (_, input, events) => expect(run(input, { chunk: 3 })).toEqual(events));

  test('a message whose end block lacks the carriage return is there at once', () => {
    expect(run(`${VT}one${FS}`)).toEqual(['one']);
  });

  test('an unfinished frame is told when the connection ends, and nothing otherwise', () => {
    expect(run(`${VT}on`, { ended: true })).toEqual(['! hl7v2/frame-unfinished frame 1']);
    expect(run(`${VT}one${FS}\r`, { ended: true })).toEqual(['one']);
    expect(run('', { ended: true })).toEqual([]);
  });

  test('what is framed is read back', () => {
    const framer = createFramer({ bytesMax: 100 });
    expect(framer.push(frame(bytesOf('MSH|^~\\&|中')))).toEqual([{ kind: 'message', bytes: bytesOf('MSH|^~\\&|中') }]);
  });

  test('a message does not change when its chunk is used again', () => {
    const framer = createFramer({ bytesMax: 100 });
    const chunk = frame(bytesOf('one'));
    const [event] = framer.push(chunk);
    chunk.fill(0);
    expect(event).toEqual({ kind: 'message', bytes: bytesOf('one') });
  });
});

describe('the limit', () => {
  test('a message of the limit passes, one byte more does not', () => {
    expect(run(`${VT}${'x'.repeat(10)}${FS}\r`, { bytesMax: 10 })).toEqual(['x'.repeat(10)]);
    expect(run(`${VT}${'x'.repeat(11)}${FS}\r`, { bytesMax: 10 })).toEqual(['> 11 hl7v2/frame-oversize']);
  });

  test.each([1, 7, 100_000])('the next message is read, in chunks of %i', (chunk) => {
    const input = `${VT}${'x'.repeat(50_000)}${FS}\r${VT}ok${FS}\r`;
    expect(run(input, { bytesMax: 100, chunk }).at(-1)).toBe('ok');
  });

  test('the beginning is kept for the answer, the rest is not', () => {
    expect(run(`${VT}${'x'.repeat(50_000)}${FS}\r`, { bytesMax: 20_000, chunk: 1000 })).toEqual([
      '> 8192 hl7v2/frame-oversize',
    ]);
  });
});
