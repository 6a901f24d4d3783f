/** Imperfect messages are mapped as far as they are sure, and every imperfection is told at its position. */
import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../src/base/limits.ts';
import { mapSegments, msh, OBR, OBX, observationsOf, PID, problemsOf } from '../../support/oru.ts';

const withValue = (type: string, value: string, more = '') => [PID, OBR, `OBX|1|${type}|A^A^L||${value}|${more}|||||F`];

describe('a problem is told at its position', () => {
  it.each([
    ['mapping/trigger-unusual', 'MSH-9', [msh('ORU^O01'), PID, OBR, OBX]],
    ['mapping/message-unsupported', 'MSH-9', [msh('ORM^O01'), PID, OBR, OBX]],
    ['mapping/report-without-results', 'OBR[1]', [PID, OBR]],
    ['mapping/report-code-missing', 'OBR[1]-4', [PID, 'OBR|1|O1|L1', OBX]],
    ['mapping/report-unnumbered', 'OBR[1]-3', [PID, 'OBR|1|||CBC', OBX]],
    ['mapping/patient-without-identity', 'PID', ['PID|1||||||19900101', OBR, OBX]],
    ['mapping/patient-without-report', 'PID', ['PID|1||||张^三']],
    ['mapping/patient-unnumbered', 'PID-3', ['PID|1||||张^三', OBR, OBX]],
    ['mapping/patient-missing', 'OBR[1]', [OBR, OBX]],
    ['mapping/note-without-owner', 'NTE[1]', ['NTE|1||x', PID, OBR, OBX]],
    ['mapping/order-without-report', 'ORC[1]', [PID, 'ORC|RE|O9', PID, OBR, OBX]],
    ['mapping/results-without-order', 'OBX[1]', [PID, OBX]],
    ['mapping/result-code-missing', 'OBX[1]-3', [PID, OBR, 'OBX|1|ST|||x||||||F']],
    ['mapping/order-unknown-to-sender', 'OBR[1]-25', [PID, `${OBR.slice(0, -1)}Y`, OBX]],
    ['mapping/attachment-type-unknown', 'OBX[1]-5.2', withValue('ED', '^XX^YY^Base64^AAAA')],
    ['mapping/attachment-empty', 'OBX[1]-5.5', withValue('ED', '^AP^PDF^Base64^')],
    ['mapping/attachment-unreadable', 'OBX[1]-5.5', withValue('ED', '^AP^PDF^Hex^GG')],
    ['mapping/attachment-address', 'OBX[1]-5.1', withValue('RP', 'x.pdf')],
    ['mapping/specimen-unknown', 'OBX[1]-33', [PID, OBR, `${OBX}${'|'.repeat(22)}T9`]],
    ['mapping/number-field-unreadable', 'PID-25', [`${PID}${'|'.repeat(17)}x`, OBR, OBX]],
    ['mapping/number-unreadable', 'OBX[1]-5', withValue('NM', 'x')],
    ['mapping/repetitions-limit', 'OBX[1]-5', withValue('ST', Array(1001).fill('x').join('~'))],
    ['mapping/unit-unknown', 'OBX[1]-6', withValue('NM', '1', '瓶')],
    ['mapping/date-impossible', 'OBX[1]-5', withValue('DT', '20260231')],
    ['mapping/value-type-unknown', 'OBX[1]-2', withValue('QQ', 'x')],
    ['mapping/code-unknown', 'PID-8', ['PID|1||P1||张^三|||Q', OBR, OBX]],
  ])('%s at %s', (code, at, segments) => {
    expect(problemsOf(mapSegments(segments))).toContain(`${code} ${at}`);
  });

  it('and not when there is nothing wrong', () => {
    expect(mapSegments([PID, OBR, OBX]).problems).toEqual([]);
  });

  it('once per place, however many elements the field feeds', () => {
    const told = problemsOf(
      mapSegments([PID, OBR.replace('20260301090500+0800', '20260230').concat(''), 'SPM|1|^T1', OBX]),
    );
    expect(told.filter((problem) => problem.startsWith('mapping/date-impossible'))).toEqual([
      'mapping/date-impossible OBR[1]-7',
    ]);
  });

  it("counts what is beyond the limit in one closing problem, 'mapping/more-problems'", () => {
    const many = Array.from({ length: LIMITS.problemsMax + 5 }, (_, i) => `OBX|${i}|NM|A^A^L||x||||||F`);
    const { problems } = mapSegments([PID, OBR, ...many]);
    expect(problems).toHaveLength(LIMITS.problemsMax + 1);
    expect(problems.at(-1)).toEqual({ code: 'mapping/more-problems', severity: 'warning', at: '5 more' });
  });

  it("lists no more unread positions than anybody reads, and tells 'mapping/more-unread'", () => {
    const mapped = mapSegments([PID, OBR, OBX, `ZZZ${'|x'.repeat(20_000)}`]);
    expect(mapped.unread).toHaveLength(10_000);
    expect(problemsOf(mapped)).toContain('mapping/more-unread MSH');
  });

  it('a repetition that nobody read is told, however far out its field stands', () => {
    const pid = PID.replace('P0001^^^LIS^MR', 'P1^^^LIS^MR~P2^^^LIS^MR~P3^^^LIS^MR');
    const far = `${pid}${'|'.repeat(4099 - 8)}a~b`;
    expect(mapSegments([far, OBR, OBX]).unread).toEqual(['PID-4099', 'PID-4099[2]']);
  });

  it("refuses more results than are mapped, whole, with 'mapping/results-limit'", () => {
    const many = Array.from({ length: LIMITS.resultsPerMessageMax + 1 }, () => 'OBX|1|ST|A||x');
    const mapped = mapSegments([PID, OBR, ...many]);
    expect(mapped.patients).toEqual([]);
    expect(problemsOf(mapped)[0]).toBe('mapping/results-limit MSH-9');
  });
});

describe('what is imperfect keeps its text', () => {
  it.each([
    ['NM', '见报告'],
    ['DT', '20260231'],
    ['TM', '2599'],
    ['ED', 'not^base^64'],
    ['NA', '1^x'],
  ])('a %s that cannot be read', (type, value) => {
    const [observation] = observationsOf(mapSegments(withValue(type, value)));
    expect(observation?.valueString).toBe(value.replaceAll('^', ' '));
  });

  it('an unknown unit stays the unit, without a code', () => {
    const [observation] = observationsOf(mapSegments(withValue('NM', '1', '瓶')));
    expect(observation?.valueQuantity).toEqual({ value: '1', unit: '瓶' });
  });
});

describe('what states nothing has no value and a reason', () => {
  it.each([
    ['the HL7 null', 'TX', '""'],
    ['an empty repetition and a null', 'TX', '~""'],
    ['components without content', 'CWE', '^^'],
    ['a no-break space', 'ST', '\u00A0'],
    ['a byte order mark', 'ST', '\uFEFF'],
    ['an attachment without data', 'ED', '^AP^PDF^Base64^'],
    ['an attachment without anything', 'ED', '^^^^'],
  ])('%s', (_, type, value) => {
    const [observation] = observationsOf(mapSegments(withValue(type, value)));
    expect(observation?.valueString).toBeUndefined();
    expect(observation?.valueCodeableConcept).toBeUndefined();
    expect(observation?.dataAbsentReason?.coding?.[0]?.code).toBe('unknown');
  });

  it('but data in the place of its description is kept as text, and the HL7 null in one line of two is left out', () => {
    expect(observationsOf(mapSegments(withValue('ED', 'JVBERi0x')))[0]?.valueString).toBe('JVBERi0x');
    expect(observationsOf(mapSegments(withValue('TX', '甲~""')))[0]?.valueString).toBe('甲');
  });
});

describe('a patient without a report', () => {
  it('is kept when a number names it', () => {
    const mapped = mapSegments([PID]);
    expect(mapped.patients.map(({ patient }) => patient?.resource.name?.[0]?.family)).toEqual(['张']);
    expect(mapped.unread).toEqual([]);
  });

  it('is listed as unread, with its relatives and visit, when none does', () => {
    const mapped = mapSegments(['PID|1||||张^三', 'NK1|1|张^父', 'PV1|1|I']);
    expect(mapped.patients).toEqual([]);
    expect(mapped.unread).toEqual(['PID-5', 'NK1[1]-2', 'PV1-2']);
  });
});

describe('no problem, position or unread entry carries a value of the message', () => {
  it('holds for every text of a message of secrets', () => {
    const secret = 'SECRETVALUE';
    const segments = ['PID', 'PV1', 'ORC', 'OBR', 'OBX', 'NTE', 'SPM', 'ZZZ'].map(
      (name) => `${name}|${Array(40).fill(secret).join('|')}`,
    );
    const mapped = mapSegments(segments);
    expect(mapped.problems.length).toBeGreaterThan(5);
    expect(JSON.stringify([mapped.problems, mapped.unread])).not.toContain(secret);
  });
});
