/** The region by seed: the same each time, everything that the gateway must survive is in it (issue 01, section 9). */
import { describe, expect, it } from 'vitest';
import { digestOf } from '../../../src/base/digest.ts';
import { readMessage } from '../../../src/formats/hl7v2/read.ts';
import { regionFiles } from '../../../src/simulation/files.ts';
import { simulateRegion } from '../../../src/simulation/region.ts';
import type { RegionOptions } from '../../../src/simulation/region.ts';
import type { MessageEvent, OrderEvent, RegionEvent } from '../../../src/simulation/region-event.ts';
import { countEvents } from '../../../src/simulation/stats.ts';

const DEMO: RegionOptions = { seed: 'test region' };
const region = simulateRegion(DEMO);
const events: readonly RegionEvent[] = [...region.events()];
const messages = events.filter((event): event is MessageEvent => event.kind === 'message');
/** By the platform's decoder and the dialect's true character set, not by the gateway's reader. */
function decoded({ bytes, facility }: MessageEvent): string {
  const charset = region.facilities.find(({ id }) => id === facility)?.dialect.charset;
  return new TextDecoder(charset, { fatal: true }).decode(bytes);
}

function fieldsOf(message: MessageEvent, segment: string): readonly string[] {
  return (
    decoded(message)
      .split(/[\r\n]+/)
      .find((line) => line.startsWith(`${segment}|`))
      ?.split('|') ?? []
  );
}

const orders = events.filter((event): event is OrderEvent => event.kind === 'order');

function digestOfFiles(options: RegionOptions): string {
  const files = [...regionFiles(simulateRegion(options))].map(({ path, bytes }) => `${path} ${digestOf(bytes)}`);
  return digestOf(new TextEncoder().encode(files.join('\n')));
}

function count(options: RegionOptions): number {
  return countEvents(simulateRegion(options).events()).messages;
}

describe('a seed', () => {
  it('gives the same files byte for byte, in every zone of the host', () => {
    const zone = process.env['TZ'];
    const digests = ['UTC', 'Asia/Shanghai', 'America/New_York'].map((tz) => {
      process.env['TZ'] = tz;
      return digestOfFiles(DEMO);
    });
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
    expect(new Set(digests).size).toBe(1);
  });

  it('may be a number, which is its text', () => {
    expect(digestOfFiles({ seed: 7, days: 20 })).toBe(digestOfFiles({ seed: '7', days: 20 }));
  });

  it('of another kind gives another region', () => {
    expect(digestOfFiles({ seed: 1, days: 20 })).not.toBe(digestOfFiles({ seed: 2, days: 20 }));
  });
});

describe('the timeline', () => {
  it('runs in time order, from the start on', () => {
    const times = events.map(({ at }) => at);
    expect(times.every((at, index) => index === 0 || (times[index - 1] as string) <= at)).toBe(true);
    expect(Date.parse(times[0] as string)).toBeGreaterThanOrEqual(region.setting.start);
  });

  it('tells of nobody before birth', () => {
    for (const { at, person } of events) {
      if (person === undefined) continue;
      expect(region.population.person(person).bornAt).toBeLessThan(Date.parse(at));
    }
  });

  it('shows each trouble with numbers, and the owner of each number that two people carry', () => {
    const seen = new Set(events.flatMap(({ person }) => (person === undefined ? [] : [person])));
    const people = [...seen].map((index) => region.population.person(index));
    expect(new Set(people.map(({ trouble }) => trouble))).toEqual(
      new Set(['own', 'none', 'mother', 'neighbour', 'borrowed']),
    );
    expect(people.some(({ trouble, owner }) => trouble === 'borrowed' && seen.has(owner as number))).toBe(true);
  });

  it('has about three hundred messages and eighty order events in the demo', () => {
    expect(messages.length).toBeGreaterThan(220);
    expect(messages.length).toBeLessThan(420);
    expect(orders.length).toBeGreaterThan(50);
    expect(orders.length).toBeLessThan(120);
  });

  it('grows with people and with days', () => {
    expect(count({ ...DEMO, people: 480 })).toBeGreaterThan(1.5 * messages.length);
    expect(count({ ...DEMO, days: 30 })).toBeLessThan(0.6 * messages.length);
  });

  it('begins where it is told to', () => {
    const start = '2031-05-05T16:00:00.000Z' as RegionOptions['start'] & string;
    const first = simulateRegion({ ...DEMO, days: 10, start })
      .events()
      .next().value;
    expect(first?.at.slice(0, 7)).toBe('2031-05');
  });

  it.each([
    'result',
    'preliminary',
    'final',
    'correction',
    'retraction',
    'late',
    'resend',
    'reused-control-id',
    'test',
  ] as const)('holds a message of purpose %s', (purpose) => {
    expect(messages.some((message) => message.purpose === purpose)).toBe(true);
  });

  it.each(['bad-number', 'unknown-unit', 'impossible-date', 'no-number'] as const)('holds a report with %s', (flaw) => {
    expect(messages.some(({ flaws }) => flaws.includes(flaw))).toBe(true);
  });

  it.each(['accept', 'refuse', 'ignore', 'revoke-after-accept'] as const)('holds a doctor who will %s', (intent) => {
    expect(orders.some((order) => order.intent === intent)).toBe(true);
  });

  it('names a coded reason with a refusal and with nothing else', () => {
    for (const { intent, reason } of orders) {
      if (intent === 'refuse') expect(['01', '02', '03', '04', '05', '06', '98', '99']).toContain(reason);
      else expect(reason).toBeUndefined();
    }
  });
});

describe('repeats', () => {
  it('follow an earlier message of the same person, mostly from another facility, before its order is placed', () => {
    const repeats = orders.filter((order) => order.repeats);
    let elsewhere = 0;
    for (const order of repeats) {
      const earlier = messages.filter(({ person, at }) => person === order.person && at < order.at);
      if (earlier.some(({ facility }) => facility !== order.facility)) elsewhere++;
    }
    expect(repeats.length).toBeGreaterThan(30);
    expect(elsewhere / repeats.length).toBeGreaterThan(0.6);
  });

  it('are tested again by whoever does not accept, and by nobody who does', () => {
    for (const order of orders) {
      expect(order.performs).toBe(order.intent !== 'accept');
      const followed = messages.some(({ bytes, facility, at }) => {
        if (facility !== order.facility || at < order.at) return false;
        return new TextDecoder('gb18030').decode(bytes).includes(order.encounter);
      });
      const writesVisit = region.facilities.find(({ id }) => id === order.facility)?.dialect.pv1 ?? false;
      if (writesVisit) expect(followed).toBe(order.performs);
    }
  });
});

describe('messages', () => {
  it('are read back whole: every OBR and OBX that was counted, and the control id', () => {
    for (const message of messages) {
      const facility = region.facilities.find(({ id }) => id === message.facility);
      const charset = facility?.profile.charset;
      const { value } = readMessage(message.bytes, charset === undefined ? {} : { fallback: charset });
      const names = value?.message.segments.map(({ name }) => name) ?? [];
      expect(names.filter((name) => name === 'OBX').length).toBe(message.results);
      expect(names.filter((name) => name === 'OBR').length).toBe(message.reports);
      expect(value?.message.msh.get(10)).toBeTruthy();
      expect(value?.text).not.toContain('\ufffd');
    }
  });

  it('carry the person\u2019s name through every spelling and character set', () => {
    for (const message of messages.filter(({ person }) => person !== undefined)) {
      const written = (fieldsOf(message, 'PID')[5] ?? '').replaceAll(/[\^　]/g, '').replaceAll(/[•．]/g, '·');
      expect(written).toBe(region.population.person(message.person as number).name);
    }
  });

  it('name somebody who came in unknown by no name, number or birth date', () => {
    const unknown = messages.filter(({ person }) => person === undefined);
    expect(unknown.length).toBeGreaterThan(0);
    for (const message of unknown) {
      const pid = fieldsOf(message, 'PID');
      expect(pid[5]).toMatch(/^无名氏\d{8}$/);
      expect([pid[7], pid[4], pid[19]]).toEqual(['', '', undefined]);
      expect(pid[3]).not.toContain('~');
    }
  });

  it('hold no resident number that a human could have', () => {
    for (const message of messages) {
      const [, , , identifiers = '', alternate = ''] = fieldsOf(message, 'PID');
      const numbers = `${identifiers} ${alternate} ${fieldsOf(message, 'PID')[19] ?? ''}`.normalize('NFKC');
      for (const number of numbers.match(/\b\d{14,17}[\dXx]\b/g) ?? []) expect(number.startsWith('000000')).toBe(true);
    }
  });

  it('speak every version, character set, label and line end of the dialects', () => {
    const seen = new Set<string>();
    for (const { bytes, facility } of messages) {
      const dialect = region.facilities.find(({ id }) => id === facility)?.dialect;
      const header = (new TextDecoder('latin1').decode(bytes).split(/[\r\n]/)[0] ?? '').split('|');
      seen.add(`version ${header[11] ?? ''}`).add(`label ${header[17] ?? ''}`);
      seen.add(`${dialect?.charset ?? ''} labelled ${header[17] ?? ''}`);
      seen.add(bytes.includes(0x0a) ? 'CRLF' : 'CR');
    }
    const expected = ['version 2.3.1', 'version 2.4', 'version 2.5.1', 'CR', 'CRLF', 'utf-8 labelled UNICODE UTF-8'];
    expected.push(
      'gb18030 labelled GB 18030-2000',
      'gb18030 labelled ASCII',
      'gb18030 labelled ',
      'gb18030 labelled GBK',
    );
    expected.push('utf-8 labelled ', 'utf-8 labelled UTF-8');
    expect([...seen]).toEqual(expect.arrayContaining(expected));
  });

  it('of a resend are the same bytes of the same file and facility, later', () => {
    for (const resend of messages.filter(({ purpose }) => purpose === 'resend')) {
      const first = messages.find(({ file, purpose }) => file === resend.file && purpose !== 'resend');
      expect(first?.bytes).toEqual(resend.bytes);
      expect(first?.facility).toBe(resend.facility);
      expect((first?.at ?? '') < resend.at).toBe(true);
    }
  });

  it('use a control id twice only on purpose', () => {
    const used = new Set<string>();
    for (const { bytes, facility, purpose } of messages) {
      if (purpose === 'resend') continue;
      const key = `${facility} ${new TextDecoder('latin1').decode(bytes).split('|')[9] ?? ''}`;
      expect(used.has(key)).toBe(purpose === 'reused-control-id');
      used.add(key);
    }
  });

  it('say T in MSH-11 exactly when they are tests', () => {
    for (const { bytes, purpose } of messages.filter((one) => one.purpose !== 'resend')) {
      expect(new TextDecoder('latin1').decode(bytes).split('|')[10]).toBe(purpose === 'test' ? 'T' : 'P');
    }
  });

  it('flag some results and not most', () => {
    const flags = messages.flatMap((message) =>
      decoded(message)
        .split(/[\r\n]+/)
        .filter((line) => line.startsWith('OBX'))
        .map((line) => line.split('|')[8] ?? ''),
    );
    const abnormal = flags.filter((flag) => /^(HH?|LL?|A|\*|[↑↓]+|高|低|异常)(~A)?$/.test(flag)).length;
    expect(abnormal / flags.length).toBeGreaterThan(0.08);
    expect(abnormal / flags.length).toBeLessThan(0.4);
  });
});

describe('the counts', () => {
  it('agree with the events one by one', () => {
    const stats = countEvents(region.events());
    const distinct = messages.filter(({ purpose }) => purpose !== 'resend');
    expect(stats.messages).toBe(messages.length);
    expect(stats.distinctMessages).toBe(distinct.length);
    expect(stats.results).toBe(distinct.reduce((sum, { results }) => sum + results, 0));
    expect(stats.orderEvents).toBe(orders.length);
    expect(stats.orders).toBe(orders.reduce((sum, order) => sum + order.orders.length, 0));
    expect(Object.values(stats.intents).reduce((sum, count) => sum + count, 0)).toBe(orders.length);
    expect(stats.purposes.resend).toBe(messages.length - distinct.length);
  });
});
