import { describe, expect, it } from 'vitest';
import { factsOfPatient, nameText } from '../../../src/identity/facts-of-patient.ts';
import { agreesWithOwnRecord, mayBeLookedAt } from '../../../src/identity/own-record.ts';
import { sameFacts } from '../../../src/identity/same-facts.ts';
import type { Patient } from '../../../src/terms/fhir.ts';
import type { IdentityFacts } from '../../../src/terms/mapped.ts';
import { residentNumber } from '../../support/messages.ts';

const PATIENT: Patient = {
  resourceType: 'Patient',
  identifier: [
    {
      type: {
        coding: [
          { system: 'urn:local', code: 'x' },
          { system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'NI' },
        ],
      },
      system: 'urn:oid:2.16.156.10011.1.3',
      value: '000000199001010018',
    },
    { value: '0001' },
    { system: 'urn:none' },
  ],
  name: [{ text: '阿张' }, { use: 'official', family: '张', given: ['三'] }],
  birthDate: '1990-01-01',
  gender: 'male',
};

describe('factsOfPatient', () => {
  it('reads identifiers with their 0203 type, names with the official one first, birth date and sex', () => {
    expect(factsOfPatient(PATIENT)).toEqual({
      identifiers: [
        { type: 'NI', system: 'urn:oid:2.16.156.10011.1.3', value: '000000199001010018', at: 'Patient.identifier[0]' },
        { type: '', system: '', value: '0001', at: 'Patient.identifier[1]' },
      ],
      names: ['张三', '阿张'],
      birthDate: '1990-01-01',
      sex: 'male',
      at: 'Patient',
    });
  });

  it('states nothing that the resource does not', () => {
    expect(factsOfPatient({ resourceType: 'Patient' })).toEqual({ identifiers: [], names: [], at: 'Patient' });
  });

  it('joins Latin names with a space, Chinese ones without, and falls back to the text', () => {
    expect(nameText({ family: 'Smith', given: ['John', 'Paul'] })).toBe('Smith John Paul');
    expect(nameText({ family: '欧阳', given: ['修远'] })).toBe('欧阳修远');
    expect(nameText({ text: ' 张三 ' })).toBe('张三');
    expect(nameText({ use: 'official' })).toBe('');
  });
});

describe('sameFacts', () => {
  const known = factsOfPatient(PATIENT);
  const asked = (more: Partial<IdentityFacts>): IdentityFacts => ({
    identifiers: [],
    names: [],
    at: 'patient',
    ...more,
  });

  it('is true when nothing is stated that is not known', () => {
    expect(sameFacts(known, known)).toBe(true);
    expect(sameFacts(known, asked({}))).toBe(true);
    expect(sameFacts(known, asked({ names: ['张^三'], birthDate: '1990', sex: 'unknown' }))).toBe(true);
    expect(sameFacts(known, asked({ identifiers: [{ type: '', system: '', value: '0001', at: 'a' }] }))).toBe(true);
    expect(
      sameFacts(known, asked({ identifiers: [{ type: 'NNCHN', system: '', value: '０00000199001010018', at: 'a' }] })),
    ).toBe(true);
  });

  it('is false for another or a further name, birth date, sex or identifier', () => {
    expect(sameFacts(known, asked({ names: ['李四'] }))).toBe(false);
    expect(sameFacts(known, asked({ birthDate: '1990-01-02' }))).toBe(false);
    expect(sameFacts(known, asked({ sex: 'female' }))).toBe(false);
    expect(sameFacts(known, asked({ identifiers: [{ type: 'MR', system: '', value: '0002', at: 'a' }] }))).toBe(false);
    expect(sameFacts(asked({ names: ['张三'] }), asked({ names: ['张三'], birthDate: '1990-01-01' }))).toBe(false);
    expect(sameFacts(asked({ birthDate: '1990' }), asked({ birthDate: '1990-01-01' }))).toBe(false);
  });

  it('is false when a number that was untyped is now stated as national', () => {
    const untyped = asked({ identifiers: [{ type: '', system: '', value: '000000199001010018', at: 'a' }] });
    const typed = asked({ identifiers: [{ type: 'NI', system: '', value: '000000199001010018', at: 'a' }] });
    expect(sameFacts(untyped, typed)).toBe(false);
  });
});

describe('agreesWithOwnRecord', () => {
  const own = factsOfPatient(PATIENT);
  const asked = (more: Partial<IdentityFacts>): IdentityFacts => ({
    identifiers: [],
    names: ['张三'],
    at: 'patient',
    ...more,
  });

  it('agrees by the name when nothing else is said or what is said agrees', () => {
    expect(agreesWithOwnRecord(asked({}), own)).toBe(true);
    expect(agreesWithOwnRecord(asked({ birthDate: '1990-01-01', sex: 'male' }), own)).toBe(true);
  });

  it('does not agree with another name, birth date or sex, or without a name', () => {
    expect(agreesWithOwnRecord(asked({ names: ['李四'] }), own)).toBe(false);
    expect(agreesWithOwnRecord(asked({ names: [] }), own)).toBe(false);
    expect(agreesWithOwnRecord(asked({ birthDate: '1991-01-01' }), own)).toBe(false);
    expect(agreesWithOwnRecord(asked({ sex: 'female' }), own)).toBe(false);
  });

  it('does not agree while the record waits for a steward because it may hold two humans', () => {
    expect(agreesWithOwnRecord(asked({}), own, ['name-changed'])).toBe(false);
    expect(agreesWithOwnRecord(asked({}), own, ['no-national-number', 'possible-same-person'])).toBe(true);
  });

  it('never agrees on a placeholder or a newborn’s name, though both sides write it alike', () => {
    for (const name of ['无名氏', '李梅之子']) {
      expect(agreesWithOwnRecord(asked({ names: [name] }), { ...own, names: [name] })).toBe(false);
    }
  });
});

describe('mayBeLookedAt', () => {
  const own = factsOfPatient(PATIENT);
  const number = (value: string) => ({ type: 'NI', system: '', value, at: 'patient' });
  const asked = (more: Partial<IdentityFacts> = {}): IdentityFacts => ({
    identifiers: [number('000000199001010018')],
    names: ['张三'],
    at: 'patient',
    ...more,
  });

  it('lets who asks by the same name look, with the same national number or none, and where none is known', () => {
    expect(mayBeLookedAt(asked(), own)).toBe(true);
    expect(mayBeLookedAt(asked({ identifiers: [] }), own)).toBe(true);
    expect(mayBeLookedAt(asked(), { ...own, identifiers: [] })).toBe(true);
  });

  it('lets nobody look by another name or another national number, though one of two is right', () => {
    const another = number(residentNumber('1990-01-01', 777));
    expect(mayBeLookedAt(asked({ names: ['李四'] }), own)).toBe(false);
    expect(mayBeLookedAt(asked({ identifiers: [another] }), own)).toBe(false);
    expect(mayBeLookedAt(asked({ identifiers: [number('000000199001010018'), another] }), own)).toBe(false);
  });
});
