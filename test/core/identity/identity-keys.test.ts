import { describe, expect, it } from 'vitest';
import {
  demographicKey,
  identityKeys,
  isDocument,
  localKey,
  nationalKey,
} from '../../../src/identity/identity-keys.ts';
import { strongestKey } from '../../../src/identity/strongest-key.ts';
import { DEFAULT_PROFILE, type FacilityId } from '../../../src/terms/facility.ts';
import type { IdentityFacts, StatedIdentifier } from '../../../src/terms/mapped.ts';

const FACILITY = 'f1' as FacilityId;
const NUMBER = '000000199001010018';

function stated(type: string, value: string, system = ''): StatedIdentifier {
  return { type, system, value, at: 'PID-3' };
}

function record(identifiers: readonly StatedIdentifier[], more: Partial<IdentityFacts> = {}): IdentityFacts {
  return { identifiers, names: ['张三'], at: 'PID', ...more };
}

function kinds(facts: IdentityFacts, profile = DEFAULT_PROFILE): readonly string[] {
  return identityKeys(facts, { facility: FACILITY, profile }).map((key) => key.kind);
}

describe('identityKeys', () => {
  it('gives a stated national number one row, of the same text however it is written', () => {
    const keys = identityKeys(record([stated('NI', NUMBER)]), { facility: FACILITY });
    expect(keys).toEqual([{ kind: 'national-id', text: nationalKey(NUMBER) }]);
    for (const value of ['000000900101001', '００００００ 19900101 0018']) {
      expect(identityKeys(record([stated('NNCHN', value)]), { facility: FACILITY })).toEqual(keys);
    }
  });

  it('finds an untyped valid number under the same text, as no more than a document', () => {
    expect(identityKeys(record([stated('', NUMBER, 'urn:x')]), { facility: FACILITY })).toEqual([
      { kind: 'document', text: nationalKey(NUMBER) },
      { kind: 'local', text: localKey(FACILITY, { system: 'urn:x', value: NUMBER }) },
    ]);
  });

  it('keeps the stated kind when the number stands there untyped too', () => {
    expect(kinds(record([stated('NI', NUMBER), stated('', NUMBER)]))).toContain('national-id');
    expect(kinds(record([stated('', NUMBER), stated('NI', NUMBER)]))).toContain('national-id');
  });

  it('knows the profile’s own type only with the profile', () => {
    expect(kinds(record([stated('SFZ', NUMBER)]))).toEqual(['document', 'local']);
    expect(kinds(record([stated('SFZ', NUMBER)]), { ...DEFAULT_PROFILE, nationalIdType: 'sfz' })).toEqual([
      'national-id',
    ]);
  });

  it('gives an invalid national number a local row only', () => {
    expect(kinds(record([stated('NI', '000000199001010017')]))).toEqual(['local']);
  });

  it('finds a passport by either coding of its type and however it is written', () => {
    const text = (type: string, value: string): string | undefined =>
      identityKeys(record([stated(type, value)]), { facility: FACILITY }).find((key) => key.kind === 'document')?.text;
    expect(text('PPN', 'E0000001')).toBeDefined();
    for (const type of ['03', 'PPUSA', 'ppn']) expect(text(type, 'e 0000001')).toBe(text('PPN', 'E0000001'));
    expect(text('06', 'E0000001')).not.toBe(text('PPN', 'E0000001'));
    expect(text('MR', 'E0000001')).toBeUndefined();
    expect(text('02', 'E0000001')).toBeUndefined();
  });

  it('keeps local numbers of two facilities apart', () => {
    const mr = { system: '', value: '0001' };
    expect(localKey(FACILITY, mr)).not.toBe(localKey('f2' as FacilityId, mr));
  });

  it.each(['李梅之子', '无名氏'])('gives %s no key by which others are found', (name) => {
    const facts = record([stated('NI', NUMBER), stated('PPN', 'E1'), stated('MR', '7')], {
      names: [name],
      sex: 'male',
      birthDate: '2026-03-01',
    });
    expect(kinds(facts)).toEqual(['local', 'local', 'local']);
  });

  it('leaves a newborn its own birth certificate', () => {
    expect(kinds(record([stated('BCT', 'X1')], { names: ['李梅之子'] }))).toEqual(['document', 'local']);
  });

  it('finds a record by name, sex and whole birth date when all three are stated', () => {
    const full = record([], { sex: 'male', birthDate: '1990-01-01' });
    expect(identityKeys(full, { facility: FACILITY })).toEqual([{ kind: 'document', text: demographicKey(full) }]);
    expect(demographicKey({ ...full, names: ['张^三'] })).toBe(demographicKey(full));
    expect(demographicKey({ ...full, sex: 'unknown' })).toBeUndefined();
    expect(demographicKey({ ...full, birthDate: '1990' })).toBeUndefined();
    expect(demographicKey({ ...full, names: [] })).toBeUndefined();
  });

  it('ignores empty values', () => {
    expect(kinds(record([stated('MR', ' '), stated('PPN', '')]))).toEqual([]);
  });
});

describe('isDocument', () => {
  it('is true for what names a human beyond one facility', () => {
    expect(isDocument(stated('NI', NUMBER))).toBe(true);
    expect(isDocument(stated('', NUMBER, 'urn:oid:2.16.156.10011.1.3'))).toBe(true);
    expect(isDocument(stated('PPN', 'E1'))).toBe(true);
    expect(isDocument(stated('SFZ', NUMBER), { ...DEFAULT_PROFILE, nationalIdType: 'SFZ' })).toBe(true);
  });

  it('is false for local numbers, a national number used as one included', () => {
    expect(isDocument(stated('MR', '0001'))).toBe(false);
    expect(isDocument(stated('MR', NUMBER))).toBe(false);
    expect(isDocument(stated('', '0001'))).toBe(false);
  });
});

describe('strongestKey', () => {
  const all = record([stated('MR', '1'), stated('PPN', 'E1'), stated('NI', '000000900101001')]);

  it('takes the national number before another document, the Patient key and the report key', () => {
    const key = strongestKey({ facts: all, patientKey: 'p', reportKey: 'r' });
    expect(key).toBe(strongestKey({ facts: record([stated('NNCHN', NUMBER)]), reportKey: 'other' }));
  });

  it('takes the document where no valid number is stated', () => {
    const facts = record([stated('NI', '1'), stated('PPN', 'E1')]);
    const key = strongestKey({ facts, patientKey: 'p', reportKey: 'r' });
    expect(key).toBe(strongestKey({ facts: record([stated('03', 'e1')]), reportKey: 'other' }));
    expect(key).not.toBe(strongestKey({ facts: all, reportKey: 'r' }));
  });

  it('takes the Patient key, and the report key at last, and never mixes the two', () => {
    const facts = record([stated('MR', '1')]);
    expect(strongestKey({ facts, patientKey: 'x', reportKey: 'r' })).toBe(
      strongestKey({ patientKey: 'x', reportKey: 's' }),
    );
    expect(strongestKey({ facts, reportKey: 'x' })).toBe(strongestKey({ reportKey: 'x' }));
    expect(strongestKey({ reportKey: 'x' })).not.toBe(strongestKey({ patientKey: 'x', reportKey: 'x' }));
  });

  it('does not put a newborn under the mother’s number', () => {
    const newborn = { ...all, names: ['李梅之子'] };
    expect(strongestKey({ facts: newborn, patientKey: 'p', reportKey: 'r' })).toBe(
      strongestKey({ patientKey: 'p', reportKey: 'r' }),
    );
  });
});
