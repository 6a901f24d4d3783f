import { describe, expect, test } from 'vitest';
import type { Problem } from '../../../../src/base/problem.ts';
import { type AckCode, acknowledge, acknowledgementWanted, isWanted } from '../../../../src/formats/hl7v2/ack.ts';
import { SENTENCES } from '../../../../src/formats/hl7v2/problems.ts';
import { parse } from '../../../../src/formats/hl7v2/parse.ts';
import { readMessage } from '../../../../src/formats/hl7v2/read.ts';
import type { Instant } from '../../../../src/terms/instant.ts';
import { bytesOf, sample } from './samples.ts';

const AT = '2026-03-01T02:15:30.123Z' as Instant;
const PROBLEM: Problem = { code: 'mapping/number-unreadable', severity: 'error', at: 'OBX[2]-5[3].1.2' };

function answerBytes(bytes: Uint8Array, code: AckCode = 'AA', problems: readonly Problem[] = []): Uint8Array {
  return acknowledge({ bytes, code, problems, controlId: 'ACK1', at: AT, sentence: (one) => SENTENCES[one] });
}
const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes);
const answer = (text: string, code: AckCode = 'AA', problems: readonly Problem[] = []) =>
  new TextDecoder().decode(answerBytes(bytesOf(text), code, problems));

describe('an answer', () => {
  test('goes back to the sender, in its version, with its control id', () => {
    expect(answer(sample({ label: 'UNICODE UTF-8' }))).toBe(
      'MSH|^~\\&|GW|REGION|LIS|H01|20260301021530+0000||ACK^R01^ACK|ACK1|P|2.5.1||||||UNICODE UTF-8\rMSA|AA|MSG1\r',
    );
  });

  test.each([
    ['2.1', 'ACK'],
    ['2.2', 'ACK'],
    ['2.3', 'ACK^R01'],
    ['2.3.1', 'ACK^R01^ACK'],
    ['2.4', 'ACK^R01^ACK'],
    ['2.8', 'ACK^R01^ACK'],
    ['2.5.1^CHN', 'ACK^R01^ACK'],
  ])('names its type as version %s has it', (version, type) => {
    const msh = parse(answer(sample({ version }))).value?.msh;
    expect([msh?.raw(9), msh?.raw(12)]).toEqual([type, version]);
  });

  test('to a message without a trigger is a plain ACK', () => {
    expect(parse(answer('MSH|^~\\&|LIS|||||ORU||M1|P|2.5\r')).value?.msh.raw(9)).toBe('ACK');
  });

  test.each<AckCode>(['AA', 'AE', 'AR', 'CA', 'CE', 'CR'])('carries the code %s', (code) =>
    expect(answer(sample(), code)).toContain(`\rMSA|${code}|MSG1\r`),
  );

  test('keeps the delimiters of the sender', () => {
    const text = answer('MSH!$%*@!LIS!H01!GW!REG!!!ORU$R01!M*E*1!P!2.5.1\r', 'AE', [PROBLEM]);
    expect(text).toBe(
      'MSH!$%*@!GW!REG!LIS!H01!20260301021530+0000!!ACK$R01$ACK!ACK1!P!2.5.1\rMSA!AE!M*E*1\r' +
        'ERR!!OBX$2$5$3$1$2!102$Data type error$HL70357!E!mapping/number-unreadable$$99CONCORD\r',
    );
  });

  test('echoes MSH-3 to MSH-6, MSH-10 and MSH-18 byte for byte, also where they hide delimiter bytes', () => {
    const text = sample({ label: 'GBK', application: '誠玘珅珇' }).replace('|MSG1|', '|玘珅\\X41\\1|');
    const bytes = bytesOf(text, 'gb18030');
    const expected =
      'MSH|^~\\&|GW|REGION|誠玘珅珇|H01|20260301021530+0000||ACK^R01^ACK|ACK1|P|2.5.1||||||GBK\rMSA|AA|玘珅\\X41\\1\r';
    expect(latin1(answerBytes(bytes))).toBe(latin1(bytesOf(expected, 'gb18030')));
  });

  test('echoes bytes that no character set can read', () => {
    const bytes = bytesOf(sample().replace('|MSG1|', '|M@G|'));
    bytes[bytes.indexOf(0x40)] = 0xff;
    expect(latin1(answerBytes(bytes))).toContain('\rMSA|AA|M\u00FFG\r');
  });

  test.each(['utf-16le', 'utf-16be'] as const)('to %s is in %s', (charset) => {
    const bytes = answerBytes(bytesOf(`\uFEFF${sample({ application: '检验' })}`, charset));
    const msh = readMessage(bytes).value?.message.msh;
    expect([msh?.get(5), readMessage(bytes).value?.charset]).toEqual(['检验', charset]);
  });
});

describe('problems in an answer', () => {
  test('are ERR segments with place, code of table 0357, severity and sentence since 2.5', () => {
    const problems: Problem[] = [
      { code: 'hl7v2/charset-label-wrong', severity: 'warning', at: 'MSH-18' },
      { code: 'hl7v2/line-unreadable', severity: 'error', at: 'line 6' },
      { code: 'mapping/extra', severity: 'information', at: 'PID[1]' },
    ];
    expect(answer(sample(), 'AE', problems).split('\r').slice(2)).toEqual([
      `ERR|||100^Segment sequence error^HL70357|E|hl7v2/line-unreadable^^99CONCORD|||${SENTENCES['hl7v2/line-unreadable']?.replace('—', '-')}`,
      `ERR||MSH^1^18^1|102^Data type error^HL70357|W|hl7v2/charset-label-wrong^^99CONCORD|||${SENTENCES['hl7v2/charset-label-wrong']?.replace('—', '-')}`,
      '',
    ]);
  });

  test.each(['2.3.1', '2.5.1'])('are not those that merely inform (%s)', (version) => {
    const problems: Problem[] = [{ code: 'mapping/extra', severity: 'information', at: 'PID[1]' }];
    expect(answer(sample({ version }), 'AA', problems)).not.toContain('ERR');
  });

  test('are repetitions of ERR-1 before 2.5, with our code and sentence as the alternate', () => {
    const problems: Problem[] = [PROBLEM, { code: 'hl7v2/escape-unknown', severity: 'warning', at: 'PID-5.1' }];
    expect(answer(sample({ version: '2.3.1' }), 'AE', problems).split('\r')[2]).toBe(
      'ERR|OBX^2^5^102&Data type error&HL70357&mapping/number-unreadable&&99CONCORD' +
        `~PID^1^5^0&Message accepted&HL70357&hl7v2/escape-unknown&${SENTENCES['hl7v2/escape-unknown']?.replace('—', '-')}&99CONCORD`,
    );
  });

  test('are fifty at most, the worst first', () => {
    const problems = [...Array.from({ length: 80 }, () => ({ ...PROBLEM, severity: 'warning' as const })), PROBLEM];
    const errors = answer(sample(), 'AE', problems)
      .split('\r')
      .filter((line) => line.startsWith('ERR'));
    expect(errors).toHaveLength(50);
    expect(errors[0]).toContain('|E|');
  });

  test('say no value of the message', () => {
    const text = sample({ name: 'SECRETNAME', value: '\\Q\\' });
    const { problems } = readMessage(bytesOf(text));
    expect(answer(text, 'AE', problems)).not.toMatch(/SECRETNAME|\\Q\\|WBC/);
  });
});

describe('an answer to what is hardly a message', () => {
  test.each(['', 'hello', 'PID|1\r', 'MSH', 'MSH|'])('is a plain AR (%j)', (text) => {
    expect(answer(text, 'AR')).toBe('MSH|^~\\&|||||20260301021530+0000||ACK|ACK1|P|2.5.1\rMSA|AR\r');
  });

  test('takes what a truncated MSH still has', () => {
    expect(answer('MSH|^~\\&|LIS|H01', 'AR')).toBe(
      'MSH|^~\\&|||LIS|H01|20260301021530+0000||ACK|ACK1|P|2.5.1\rMSA|AR\r',
    );
  });

  test('is found behind MLLP bytes and batch headers', () => {
    expect(answer(`\u000BFHS|^~\\&\r${sample()}\u001C\r`)).toContain('\rMSA|AA|MSG1\r');
  });
});

describe('what the sender wants', () => {
  const wanted = (accept: string, application: string) => {
    const message = parse(sample({ conditions: [accept, application] })).value;
    if (message === undefined) throw new Error('not parsed');
    return acknowledgementWanted(message);
  };

  test('original mode when MSH-15 and MSH-16 are both empty', () =>
    expect(wanted('', '')).toEqual({ mode: 'original', accept: 'NE', application: 'AL' }));

  test.each([
    ['AL', 'NE', 'AL', 'NE'],
    ['ER', 'SU', 'ER', 'SU'],
    ['', 'AL', 'NE', 'AL'],
    ['al', '', 'AL', 'NE'],
    ['XX', 'NE', 'AL', 'NE'],
  ])('enhanced mode for %j and %j', (accept, application, one, two) =>
    expect(wanted(accept, application)).toEqual({ mode: 'enhanced', accept: one, application: two }),
  );

  test.each([
    ['AL', 'CA', true],
    ['AL', 'CR', true],
    ['NE', 'CA', false],
    ['NE', 'CE', false],
    ['ER', 'CA', false],
    ['ER', 'CR', true],
    ['SU', 'AA', true],
    ['SU', 'AE', false],
  ] as const)('under %s an answer %s is sent: %s', (condition, code, sent) =>
    expect(isWanted(condition, code)).toBe(sent),
  );
});
