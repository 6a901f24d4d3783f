/** SMART v2 scopes: what they allow, what they are cut down to, and what is none. */
import { describe, expect, test } from 'vitest';
import { fitToken, grantScopes, isInCategory, isScope, narrowScopes, permits } from '../../../src/access/scopes.ts';

const LAB = 'http://terminology.hl7.org/CodeSystem/observation-category|laboratory';

describe('scopes', () => {
  test.each<[readonly string[], string, 'c' | 'r' | 'u' | 'd' | 's', boolean]>([
    [['system/Observation.r'], 'Observation', 'r', true],
    [['system/Observation.r'], 'Observation', 's', false],
    [['system/Observation.r'], 'Observation', 'c', false],
    [['system/Observation.r'], 'Patient', 'r', false],
    [['system/*.cruds'], 'Patient', 'u', true],
    [['system/*.*'], 'Patient', 'u', true],
    [['system/Observation.read'], 'Observation', 's', true],
    [['system/Observation.read'], 'Observation', 'c', false],
    [['system/Observation.write'], 'Observation', 'u', true],
    [['system/Observation.write'], 'Observation', 'r', false],
    [['system/Observation.sr'], 'Observation', 'r', false],
    [['system/Observation.'], 'Observation', 'r', false],
    [['user/Observation.r'], 'Observation', 'r', false],
    [['patient/*.cruds'], 'Observation', 'r', false],
    [['system/observation.r'], 'Observation', 'r', false],
    [['concord/check'], 'Observation', 'r', false],
    [[], 'Observation', 'r', false],
  ])('%j on %s .%s: %s', (scopes, type, interaction, allowed) => {
    expect(permits(scopes, type, interaction).allowed).toBe(allowed);
  });

  test('with categories allow those, and one without lifts the filter', () => {
    expect(permits([`system/Observation.rs?category=${LAB}`], 'Observation', 'r')).toEqual({
      allowed: true,
      categories: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }],
    });
    expect(permits([`system/Observation.rs?category=${LAB}`, 'system/*.rs'], 'Observation', 'r')).toEqual({
      allowed: true,
    });
    const imaging = { category: [{ coding: [{ system: 'x', code: 'imaging' }] }] };
    expect(isInCategory(imaging, [{ code: 'imaging' }])).toBe(true);
    expect(isInCategory(imaging, [{ system: 'y', code: 'imaging' }])).toBe(false);
    expect(isInCategory({}, [{ code: 'imaging' }])).toBe(false);
    expect(isInCategory({}, undefined)).toBe(true);
  });

  test.each<[readonly string[], readonly string[], readonly string[]]>([
    [[], ['system/*.rs'], ['system/*.rs']],
    [['system/Observation.r'], ['system/*.cruds'], ['system/Observation.r']],
    [['system/*.cruds'], ['system/Observation.rs', 'system/Patient.r'], ['system/Observation.rs', 'system/Patient.r']],
    [['system/Observation.cu'], ['system/Observation.rs'], []],
    [['system/Patient.r'], ['system/Observation.r'], []],
    [['system/Observation.r'], [`system/Observation.rs?category=${LAB}`], [`system/Observation.r?category=${LAB}`]],
    [['system/Observation.r?category=a'], ['system/Observation.r?category=b'], []],
    [['system/Observation.r?category=s|a'], ['system/Observation.r?category=t|a'], []],
    [['system/Observation.r?category=a'], ['system/Observation.r?category=s|a'], ['system/Observation.r?category=s|a']],
    [['system/Observation.r?category=s|a'], ['system/Observation.r?category=a'], ['system/Observation.r?category=s|a']],
    [['system/*.rs?category=a'], ['system/Observation.r'], ['system/Observation.r?category=a']],
    [['system/Observation.read'], ['system/*.cruds'], ['system/Observation.read']],
    [['system/*.*'], ['system/*.cruds'], ['system/*.*']],
    [['system/*.read'], ['system/Observation.r'], ['system/Observation.r']],
    [['system/*.write'], ['system/*.rs'], []],
    [['system/Observation.r', 'system/Observation.r'], ['system/*.r'], ['system/Observation.r']],
    [Array.from({ length: 51 }, (_, index) => `system/Observation.r?category=c${index}`), ['system/*.cruds'], []],
    [['concord/check', 'concord/other'], ['concord/check', 'concord/reply'], ['concord/check']],
    [['openid', 'launch'], ['system/*.rs'], []],
  ])('asked %j of %j are cut down to %j', (asked, allowed, granted) => {
    expect(grantScopes(asked, allowed)).toEqual(granted);
  });

  test('with no system in their category mean codings without one', () => {
    const coded = (coding: object): object => ({ category: [{ coding: [coding] }] });
    const { categories } = permits(['system/Observation.r?category=|a'], 'Observation', 'r');
    expect(isInCategory(coded({ code: 'a' }), categories)).toBe(true);
    expect(isInCategory(coded({ code: 'a', system: 's' }), categories)).toBe(false);
  });

  test('of a token are cut down to what its channel has left, and none stay none', () => {
    expect(narrowScopes(['system/*.cruds', 'concord/check'], ['system/Patient.rs'])).toEqual(['system/Patient.rs']);
    expect(narrowScopes([], ['system/*.cruds'])).toEqual([]);
    expect(narrowScopes(['system/*.cruds'], [])).toEqual([]);
  });

  test('are no more than a request can carry in its header', () => {
    const long = (count: number): string[] =>
      Array.from({ length: count }, () => `system/Observation.r?category=${'x'.repeat(64)}`);
    expect([fitToken(long(20)), fitToken(long(40)), fitToken(Array.from({ length: 51 }, () => 'a'))]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test.each(['system/*.rs', 'system/Observation.cruds', 'concord/intake', `system/Observation.r?category=${LAB}`])(
    '%s is one',
    (scope) => {
      expect(isScope(scope)).toBe(true);
    },
  );
  test.each([
    '',
    'system/*.',
    'system/*.sr',
    'admin',
    'system/Observation.r?code=1',
    'system/Observation.r?category=a&x=1',
  ])('%s is none', (scope) => {
    expect(isScope(scope)).toBe(false);
  });
});
