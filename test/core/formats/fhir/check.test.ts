/** The strict check: what is wrong is told by code and position, and no right resource is refused. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printResource, readResource } from '../../../../src/base/json.ts';
import { checkResource } from '../../../../src/formats/fhir/check.ts';
import { isPlainNarrative, filterNarrative } from '../../../../src/formats/fhir/narrative.ts';
import { readFhir } from '../../../../src/formats/fhir/read.ts';
import { validateResource } from '@medplum/core';
import { r4Definitions } from '../../../support/r4-definitions.ts';
import { RIGHT } from './right-resources.ts';
import { WRONG } from './wrong-resources.ts';

/** As it comes in: decimals become their texts. */
const asRead = (resource: unknown): unknown => readResource(JSON.stringify(resource)).value;

describe('right resources', () => {
  test.each(Object.entries(RIGHT))('%s passes, here and by the other validator', (_, resource) => {
    const read = asRead(resource);
    expect(checkResource(read)).toEqual([]);
    r4Definitions();
    expect(() => validateResource(resource as never)).not.toThrow();
  });

  test('are at least forty, and of every type that is taken', () => {
    expect(Object.keys(RIGHT).length).toBeGreaterThanOrEqual(40);
  });

  const fixtures = resolve(import.meta.dirname, '../../../../fixtures/hl7v2');
  test.each(readdirSync(fixtures))('what the gateway makes itself of %s passes', (name) => {
    const text = readFileSync(join(fixtures, name, 'expected.json'), 'utf8');
    const found = checkResource(readResource(text).value).filter(
      ({ code, at }) => !(code === 'fhir/invariant' && at === 'Bundle.entry[0].resource'),
    );
    expect(found).toEqual([]);
  });
});

describe('wrong resources', () => {
  test('are at least a hundred', () => expect(WRONG.length).toBeGreaterThanOrEqual(100));

  test.each(WRONG)('%s', (_, resource, code, at) => {
    const problems = checkResource(resource);
    expect(problems.map((problem) => `${problem.code} ${problem.at}`)).toContain(`${code} ${at}`);
  });
});

describe('reading', () => {
  const read = (text: string | Uint8Array) =>
    readFhir(typeof text === 'string' ? new TextEncoder().encode(text) : text);

  test('keeps decimals as they were written', () => {
    const text = '{"resourceType":"Observation","valueQuantity":{"value":0.010}}';
    expect(printResource(read(text).value as object)).toBe(text);
  });

  test.each<[string, string | Uint8Array, string]>([
    ['bytes that are no UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 'fhir/not-text'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), 'fhir/not-text'],
    ['a byte order mark', '\uFEFF{"resourceType":"Patient"}', 'fhir/not-text'],
    ['NUL', String.raw`{"resourceType":"Patient","id":"a\u0000"}`, 'fhir/nul'],
    ['a key twice', '{"resourceType":"Patient","id":"a","id":"b"}', 'base/json-duplicate-key'],
    ['__proto__', '{"resourceType":"Patient","__proto__":{}}', 'base/json-key'],
    ['half a pair', String.raw`{"resourceType":"Patient","id":"\ud800"}`, 'base/json-surrogate'],
    ['a quoted decimal', '{"resourceType":"Observation","valueQuantity":{"value":"1"}}', 'base/json-quoted-decimal'],
    ['a huge number', `{"resourceType":"Observation","valueInteger":${'9'.repeat(1000)}}`, 'base/json-number'],
    ['10,000 levels', '{"a":'.repeat(10_000), 'base/json-depth'],
    ['no JSON', '<Patient/>', 'base/json-syntax'],
    ['a list', '[]', 'fhir/unknown-type'],
    ['null', 'null', 'fhir/unknown-type'],
    ['nothing', '', 'base/json-syntax'],
  ])('refuses %s', (_, text, code) => {
    const { value, problems } = read(text);
    expect([value, problems[0]?.code]).toEqual([undefined, code]);
  });

  test('lets a text that shows the escape of NUL pass', () => {
    expect(read(String.raw`{"resourceType":"Patient","id":"a","language":"\\u0000"}`).value).toBeDefined();
  });
});

describe('the check', () => {
  test('never throws, whatever it is given', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => void checkResource(value)),
      { numRuns: 300 },
    );
    const keys = fc.constantFrom(
      'resourceType',
      'status',
      'code',
      'coding',
      'value',
      'valueQuantity',
      'extension',
      'contained',
      'entry',
      'resource',
      '_status',
      'reference',
    );
    const leaf = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constantFrom('Observation', 'Bundle', 'Patient'),
    );
    const tree = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(keys, tie('any'), { maxKeys: 5 }),
      ),
    })).any;
    fc.assert(
      fc.property(
        tree,
        fc.constantFrom('Observation', 'Bundle', 'Patient'),
        (value, resourceType) => void checkResource({ ...(value as object), resourceType }),
      ),
      { numRuns: 500 },
    );
  });

  test('of a changed right resource tells the change or takes it, and never throws', () => {
    const all = Object.values(RIGHT).map((resource) => JSON.stringify(resource));
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.nat(),
        fc.constantFrom('', '0', '"', '[', '}', ',', 'x', 'null'),
        (text, place, put) => {
          const at = place % text.length;
          const { value } = readFhir(new TextEncoder().encode(text.slice(0, at) + put + text.slice(at + 1)));
          if (value !== undefined) checkResource(value);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('takes time in the size of a resource, not in its square', () => {
    const of = (count: number): unknown => ({
      resourceType: 'Observation',
      status: 'final',
      code: { coding: Array.from({ length: count }, (_, n) => ({ system: 's', code: `c${n}` })) },
      valueString: 'x',
      component: Array.from({ length: count }, (_, n) => ({
        code: { coding: [{ system: 't', code: `c${n}` }] },
        valueString: 'y',
      })),
      contained: Array.from({ length: count }, (_, n) => ({ resourceType: 'Patient', id: `p${n}` })),
      performer: Array.from({ length: count }, (_, n) => ({ reference: `#p${n}` })),
    });
    const time = (resource: unknown): number => {
      const begin = performance.now();
      checkResource(resource);
      return performance.now() - begin;
    };
    const [small, large] = [of(1_000), of(8_000)];
    time(small);
    const ratios = Array.from({ length: 5 }, () => time(large) / time(small)).toSorted((a, b) => a - b);
    expect(ratios[2]).toBeLessThan(24);
  });
});

describe('a narrative', () => {
  const XMLNS = 'xmlns="http://www.w3.org/1999/xhtml"';
  test.each([
    `<div ${XMLNS}>a</div>`,
    `<div ${XMLNS} lang="zh"><p class="x">血红蛋白 &lt; 5 <br/>&#160;b</p><table border="1"><tr><td colspan="2">1</td></tr></table></div>`,
    `<div ${XMLNS}><span style="color: red; font-weight: bold">a</span></div>`,
  ])('%s stays', (div) => expect(isPlainNarrative(div)).toBe(true));

  test.each([
    '',
    'a',
    '<p>a</p>',
    `<div ${XMLNS}></div>`,
    `<div ${XMLNS}>a</div><script>alert(1)</script>`,
    `<div ${XMLNS}><script>alert(1)</script></div>`,
    `<div ${XMLNS}><img src="x" onerror="alert(1)"/></div>`,
    `<div ${XMLNS}><a href="javascript:alert(1)">a</a></div>`,
    `<div ${XMLNS} onclick="alert(1)">a</div>`,
    `<div ${XMLNS}><p style="background: url(http://evil)">a</p></div>`,
    `<div ${XMLNS}><p style="position:fixed">a</p></div>`,
    `<div ${XMLNS}><iframe src="//evil"></iframe>a</div>`,
    `<div ${XMLNS}><svg><script>1</script></svg>a</div>`,
    `<div ${XMLNS}><style>*{}</style>a</div>`,
    `<div ${XMLNS}><p>a</div></p>`,
    `<div ${XMLNS}><p>a</div>`,
    `<div ${XMLNS}><!-- a -->a</div>`,
    `<div ${XMLNS}><![CDATA[a]]></div>`,
    `<div ${XMLNS}>&evil;</div>`,
    `<div ${XMLNS}>a & b</div>`,
    `<DIV ${XMLNS}>a</DIV>`,
    '<div xmlns="http://evil">a</div>',
    `<!DOCTYPE x><div ${XMLNS}>a</div>`,
    `<div ${XMLNS}>${'<p>'.repeat(200)}a${'</p>'.repeat(200)}</div>`,
    5,
  ])('%s is left out', (div) => {
    expect(isPlainNarrative(div)).toBe(false);
    const { resource, problems } = filterNarrative({
      resourceType: 'Patient',
      text: { status: 'generated', div },
      active: true,
    } as never);
    expect(resource).toEqual({ resourceType: 'Patient', active: true });
    expect(problems).toEqual([{ code: 'fhir/narrative', severity: 'warning', at: 'Patient.text.div' }]);
  });

  test('is left out of a contained resource alike', () => {
    const text = { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml"><script>1</script></div>' };
    const contained = [
      { resourceType: 'Practitioner', id: 'p', text },
      { resourceType: 'Organization', id: 'o' },
    ];
    const { resource, problems } = filterNarrative({ resourceType: 'Patient', contained } as never);
    expect(JSON.stringify(resource)).not.toContain('script');
    expect((resource as { contained: unknown[] }).contained).toHaveLength(2);
    expect(problems.map(({ at }) => at)).toEqual(['Patient.contained[0].text.div']);
  });
});
