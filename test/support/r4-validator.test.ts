import { describe, expect, it } from 'vitest';
import { r4Faults } from './r4-validator.ts';

const OBSERVATION = {
  resourceType: 'Observation',
  id: 'a.b-1',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '718-7' }] },
  effectiveDateTime: '2026-03-01T08:00:00+08:00',
  valueQuantity: { value: 1.5, comparator: '<', unit: 'g/L' },
};
const PATIENT = { resourceType: 'Patient', id: 'p', gender: 'male', birthDate: '1990-02-28' };

function bundle(...resources: Record<string, unknown>[]): Record<string, unknown> {
  const entry = resources.map((resource) => ({
    fullUrl: `https://concord.example/fhir/${resource['resourceType'] as string}/${resource['id'] as string}`,
    resource,
  }));
  return { resourceType: 'Bundle', type: 'collection', entry };
}

describe('the R4 validator', () => {
  it('finds nothing wrong with a right Observation, Patient and Bundle', () => {
    expect(r4Faults(OBSERVATION)).toEqual([]);
    expect(r4Faults(PATIENT)).toEqual([]);
    expect(r4Faults(bundle(PATIENT, { ...OBSERVATION, subject: { reference: 'Patient/p' } }))).toEqual([]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['an id with a space', { id: 'a b' }],
    ['an id of 65 characters', { id: 'x'.repeat(65) }],
    ['no status', { status: undefined }],
    ['a status outside the value set', { status: 'done' }],
    ['a comparator outside the value set', { valueQuantity: { value: 1, comparator: '=' } }],
    ['an unknown element', { colour: 'red' }],
    ['two values', { valueString: 'x' }],
    ['an empty array', { category: [] }],
    ['an empty object', { method: {} }],
    ['an empty string', { code: { text: '' } }],
    ['a blank string', { code: { text: ' ' } }],
    ['a control character', { code: { text: 'a\u000bb' } }],
    ['a null', { subject: null }],
    ['a time without zone', { effectiveDateTime: '2026-03-01T08:00:00' }],
    ['a time without seconds', { effectiveDateTime: '2026-03-01T08:00+08:00' }],
    ['a day that is not on the calendar', { effectiveDateTime: '2026-02-30' }],
    ['an instant that is only a day', { issued: '2026-02-28' }],
    ['a decimal as text', { valueQuantity: { value: '1.5' } }],
    ['an object where an array belongs', { category: { text: 'x' } }],
    ['an array where an object belongs', { code: [{ text: 'x' }] }],
    ['a uri with a space', { code: { coding: [{ system: 'http://a b', code: 'x' }] } }],
    ['a code with a trailing space', { code: { coding: [{ code: 'x ' }] } }],
    ['data that is not base64', { contained: [{ resourceType: 'Binary', id: 'b', contentType: 'x/y', data: 'A' }] }],
    ['dataAbsentReason beside a value (obs-6)', { dataAbsentReason: { text: 'x' } }],
    ['a reference range without low, high and text (obs-3)', { referenceRange: [{ type: { text: 'x' } }] }],
    ['another type of resource', { resourceType: 'Observations' }],
  ])('names %s', (_, change) => {
    expect(r4Faults(JSON.parse(JSON.stringify({ ...OBSERVATION, ...change })) as Record<string, unknown>)).not.toEqual(
      [],
    );
  });

  it('names a reference that leads nowhere, a fullUrl used twice and a relative fullUrl', () => {
    expect(r4Faults(bundle({ ...OBSERVATION, subject: { reference: 'Patient/p' } }))).toEqual([
      'Bundle.entry[0].resource.subject.reference: leads nowhere',
    ]);
    expect(r4Faults(bundle(PATIENT, PATIENT))).toContain('Bundle.entry[1]: fullUrl is used twice');
    expect(
      r4Faults({ resourceType: 'Bundle', type: 'collection', entry: [{ fullUrl: 'Patient/p', resource: PATIENT }] }),
    ).toContain('Bundle.entry[0]: fullUrl is not absolute');
  });

  it('names a message that does not start with its MessageHeader', () => {
    expect(r4Faults({ ...bundle(PATIENT), type: 'message' })).toContain(
      'Bundle: a message starts with its MessageHeader',
    );
  });

  it('looks into the bundles of a collection', () => {
    const inner = { ...bundle({ ...OBSERVATION, subject: { reference: 'Patient/p' } }), id: 'inner' };
    expect(r4Faults(bundle(inner))).toContain(
      'Bundle.entry[0].resource.entry[0].resource.subject.reference: leads nowhere',
    );
  });

  it('quotes no value', () => {
    const faults = r4Faults({
      ...OBSERVATION,
      status: 'Sekret',
      valueQuantity: { value: 'Sekret' },
      effectiveDateTime: 'Sekret',
    });
    expect(faults.length).toBeGreaterThan(2);
    expect(faults.join('\n')).not.toContain('Sekret');
  });
});
