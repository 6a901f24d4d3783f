/** Inputs that the properties found or that sample messages are like: each keeps what it taught (DESIGN 5, R4 2.24). */
import { describe, expect, it } from 'vitest';
import { mapFile, type RealMessage } from '../support/real-path.ts';
import { r4Faults } from '../support/r4-validator.ts';
import { lostResults } from './input-faults.ts';

const HEAD = 'MSH|^~\\&|LIS|H|||20260301||ORU^R01|M1|P|2.4\r';
const OBR = 'OBR|1||F1|CBC^x^L|||20260301||||||||||||||||||F\r';

function mapped(body: string): RealMessage {
  return mapFile(new TextEncoder().encode(HEAD + body)).messages[0] as RealMessage;
}

describe('hard inputs', () => {
  it.each([
    ['a vertical tab inside a value', `${OBR}OBX|1|PN|X^x^L||abc\u000bN||||||F\r`],
    ['numeric arrays without a unit', `${OBR}OBX|1|NA|X^x^L||4487~9193||||||F\r`],
    ['an empty repetition before a null', `${OBR}OBX|1|TX|X^x^L||~""|||||||F\r`],
    ['a specimen type behind a byte order mark', `${OBR}SPM|1|S1||\ufeffBLD^x\r`],
    ['a code with two blanks inside', `${OBR}OBX|1|CE|X  Y^x^L||a  b^c^L||||||F\r`],
  ])('make right R4: %s', (_, body) => {
    expect(r4Faults(JSON.parse(mapped(body).text) as Record<string, unknown>)).toEqual([]);
  });

  it('map the observation of a specimen that several reports share once', () => {
    const real = mapped('SPM|1|S1||BLD^x\rOBX|1|ST|X^x^L||v||||||F\rOBR|1||F1|A\rOBR|2||F2|B\rOBR|3||F3|C\r');
    expect(lostResults(real)).toEqual([]);
  });

  it('say what becomes of a patient without a report', () => {
    const real = mapped('PID|1||||ZHAO^LI\r');
    const told = [...(real.mapped?.unread ?? []), ...real.problems.map((problem) => problem.at)];
    expect(real.text.includes('"Patient"') || told.some((at) => /^(PID-5|MSH-9)/.test(at))).toBe(true);
  });

  it('say that OBR-15 was not read where an SPM stands for it', () => {
    const real = mapped(
      `${OBR.trimEnd().replace('20260301||||||||', '20260301||||||||SP15&x&L^ACDA')}\rSPM|1|S1||BLD^x\r`,
    );
    expect(real.message?.segments.find((segment) => segment.name === 'OBR')?.raw(15)).toBe('SP15&x&L^ACDA');
    expect(real.text.includes('SP15') || real.mapped?.unread.some((at) => at.startsWith('OBR[1]-15'))).toBe(true);
  });
});
