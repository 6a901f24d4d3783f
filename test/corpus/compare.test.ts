/** Comparing two bundles by facts finds what differs and nothing else. */
import { describe, expect, it } from 'vitest';
import { parseExact } from '../support/exact-json.ts';
import { differences } from './compare.ts';
import { digest, factsOf, type Json } from './facts.ts';

const HB = {
  resourceType: 'Observation',
  id: 'a',
  status: 'final',
  code: { coding: [{ system: 'http://loinc.org', code: '718-7', display: 'Hb' }] },
  valueQuantity: { value: 1.5, unit: 'g/L' },
  interpretation: [{ coding: [{ code: 'H' }] }],
};
const WBC = {
  ...HB,
  id: 'b',
  code: { coding: [{ system: 'urn:x', code: 'WBC' }] },
  valueQuantity: { value: 7, unit: '10*9/L' },
};
const PATIENT = { resourceType: 'Patient', gender: 'male', birthDate: '1990-01-01' };

function facts(...resources: object[]) {
  const bundle = { resourceType: 'Bundle', entry: resources.map((resource) => ({ resource })) };
  return factsOf(parseExact(JSON.stringify(bundle)) as Json);
}

describe('two bundles of one message', () => {
  it('do not differ by order, ids, displays, systems of their own and trailing zeros', () => {
    const theirs = facts(
      { ...WBC, id: 'y', code: { coding: [{ system: 'urn:other', code: 'WBC', display: 'other' }] } },
      { ...HB, id: 'x' },
      PATIENT,
    );
    expect(
      differences(facts(PATIENT, HB, { ...WBC, valueQuantity: { value: '7.00', unit: '10*9/L' } }), theirs),
    ).toEqual([]);
  });

  it('differ by status, unit and code as they are, by number only as a digest', () => {
    const changed = { ...HB, status: 'corrected', valueQuantity: { value: 2.5, unit: 'mg/L' } };
    expect(differences(facts(HB), facts(changed))).toEqual([
      { path: 'Observation[1].number', ours: digest('1.5'), theirs: digest('2.5') },
      { path: 'Observation[1].status', ours: 'final', theirs: 'corrected' },
      { path: 'Observation[1].unit', ours: 'g/L', theirs: 'mg/L' },
    ]);
  });

  it('differ by a resource that only one of them has', () => {
    expect(differences(facts(HB), facts(HB, WBC))).toEqual([
      { path: 'Observation[2]', ours: 'absent', theirs: '|WBC final' },
    ]);
    expect(differences(facts(HB, WBC), facts(HB))).toEqual([
      { path: 'Observation[+1]', ours: '|WBC final', theirs: 'absent' },
    ]);
  });

  it('differ by a fact that only one of them states', () => {
    expect(differences(facts(PATIENT), facts({ ...PATIENT, gender: undefined }))).toEqual([
      { path: 'Patient[1].gender', ours: 'male', theirs: 'absent' },
    ]);
  });

  it('look into the bundles of a collection, and read components as values', () => {
    const inner = { resourceType: 'Bundle', entry: [{ resource: HB }] };
    expect(differences(facts(inner), facts(HB))).toEqual([]);
    const { valueQuantity, ...rest } = HB;
    expect(differences(facts({ ...rest, component: [{ code: HB.code, valueQuantity }] }), facts(HB))).toEqual([]);
  });

  it('show no text of a message', () => {
    const named = { ...HB, valueQuantity: undefined, valueString: 'Sekret' };
    const found = differences(facts(HB), facts(named));
    expect(found.length).toBeGreaterThan(0);
    expect(JSON.stringify(found)).not.toContain('Sekret');
  });
});
