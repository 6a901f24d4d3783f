/** What is remembered of coded fields changes neither what is mapped nor what is accounted for. */
import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/formats/hl7v2/parse.ts';
import { DEFAULT_PROFILE, type FacilityId } from '../../../src/terms/facility.ts';
import type { Mapped } from '../../../src/terms/mapped.ts';
import { mapText } from '../../support/map-fixture.ts';
import { msh, OBR, observationsOf, PID } from '../../support/oru.ts';

const OBX =
  'OBX|1|NM|WBC^白细胞^L^^^^^^^^^^^^more||6.31|10*9/L^^^^^^^^extra|3.5-9.5|zz|||F|||||D1^李^四^^^^^^^^^^^^^^^^^^^more';

function map(facility: string, header = msh()): Mapped {
  const text = [header, PID, OBR, OBX, OBX].join('\r');
  const message = parse(header.includes('^~\\&') ? text : text.replaceAll('^', '$')).value;
  if (message === undefined) throw new Error('the test message is not read');
  return mapText(message, DEFAULT_PROFILE, facility as FacilityId);
}

describe('a text that was met before', () => {
  it('is mapped, told and accounted for as at first sight', () => {
    const first = map('recall-a');
    expect(map('recall-a')).toEqual(first);
    expect(first.unread).toEqual([
      'OBX[1]-3.15',
      'OBX[1]-6.9',
      'OBX[1]-16.22',
      'OBX[2]-3.15',
      'OBX[2]-6.9',
      'OBX[2]-16.22',
    ]);
    expect(first.problems.map(({ code, at }) => `${code} ${at}`)).toEqual([
      'mapping/flag-unknown OBX[1]-8',
      'mapping/flag-unknown OBX[2]-8',
    ]);
  });

  it("is never another facility's: local codes have systems of their own", () => {
    const systems = ['recall-b', 'recall-c'].map(
      (facility) => observationsOf(map(facility))[0]?.code.coding?.[0]?.system,
    );
    expect(systems).toEqual(['urn:concord:facility:recall-b:code', 'urn:concord:facility:recall-c:code']);
  });

  it('is not taken for equal under other delimiters', () => {
    map('recall-d');
    const other = observationsOf(map('recall-d', msh().replace('^~\\&', '$~\\&')));
    expect(other[0]?.code.coding?.[0]?.code).toBe('WBC');
  });
});
