/** Precedence, retraction, snapshots and quarantine of reports (src/registry/merge-report.ts, SETTLED 19 to 21). */
import { describe, expect, test } from 'vitest';
import type { DiagnosticReport } from '../../../src/terms/fhir.ts';
import { mergeReport } from '../../../src/registry/merge-report.ts';
import { SENTENCES } from '../../../src/registry/problems.ts';
import { context, day, FACILITY, headOf, states, steps, told, type Told } from './report-builder.ts';

const after = (...messages: Told[]) => states(headOf(steps(messages)));
const problemsOf = (...messages: Told[]) =>
  steps(messages)
    .at(-1)
    ?.problems.map(({ code, at }) => `${code} ${at}`);

describe('a first sight', () => {
  test('becomes version 1, all of it changed', () => {
    const [merged] = steps([{ at: day(1), results: { A: 'F 1', B: 'P 2' }, collected: day(1) }]);
    expect(merged).toMatchObject({
      kind: 'new-version',
      changed: ['', 'A', 'B'],
      retired: [],
      problems: [],
      version: { version: 1, facility: FACILITY, patient: 'p1', collectedAt: day(1) },
    });
  });
  test('that retracts the whole report stores its results as entered in error', () =>
    expect(after({ at: day(1), report: 'X', results: { A: 'F 1' } })).toEqual({
      '': 'cancelled',
      A: 'entered-in-error 1',
    }));
});

describe('the later statement wins, element by element', () => {
  test.each([
    ['F', 'F'],
    ['F', 'C'],
    ['C', 'F'],
    ['P', 'F'],
    ['P', 'P'],
    ['I', 'P'],
    ['F', 'X'],
    ['X', 'F'],
    ['X', 'P'],
    ['F', ''],
    ['F', 'A'],
  ])('%s, then later %s', (first, second) => {
    const results = (letter: string, value: number) => ({ results: { A: `${letter} ${value}` } });
    const now = after({ at: day(1), ...results(first, 1) }, { at: day(2), ...results(second, 2) });
    expect(now['A']).toBe(after({ at: day(2), ...results(second, 2) })['A']);
  });
  test('of the same time the later arrival', () =>
    expect(after({ at: day(1), results: { A: 'F 1' } }, { at: day(1), results: { A: 'C 2' } })['A']).toBe(
      'corrected 2',
    ));
  test('without a stated time the arrival counts', () =>
    expect(after({ at: day(1), results: { A: 'F 1' } }, { results: { A: 'C 2' } })['A']).toBe('corrected 2'));
  test('an older one fills only what was never seen, and says what it did not do', () => {
    const messages: Told[] = [
      { at: day(2), results: { A: 'C 2' } },
      { at: day(1), results: { A: 'F 1', B: 'F 5' } },
    ];
    expect(after(...messages)).toEqual({ '': 'final', A: 'corrected 2', B: 'final 5' });
    expect(problemsOf(...messages)).toEqual(['registry/older-than-known OBX[1]']);
  });
  test('what a delta message does not have stays', () =>
    expect(after({ at: day(1), results: { A: 'F 1', B: 'F 5' } }, { at: day(2), results: { A: 'C 2' } })).toMatchObject(
      {
        A: 'corrected 2',
        B: 'final 5',
      },
    ));
});

describe('what is not final never replaces what is', () => {
  test.each(['F', 'C', 'A'])('%s stays', (letter) => {
    for (const later of ['I', 'O', 'R', 'S', 'P']) {
      const messages: Told[] = [
        { at: day(1), results: { A: `${letter} 1` } },
        { at: day(2), results: { A: `${later} 2` } },
      ];
      expect(after(...messages)['A']).toMatch(/^(final|corrected|amended) 1$/);
      expect(problemsOf(...messages)).toEqual(['registry/preliminary-after-final OBX[1]']);
    }
  });
  test('nor in the other order of arrival', () =>
    expect(after({ at: day(2), results: { A: 'P 2' } }, { at: day(1), results: { A: 'F 1' } })['A']).toBe('final 1'));
  test('the report itself obeys the same rule', () =>
    expect(
      after({ at: day(1), report: 'F', results: { A: 'F 1' } }, { at: day(2), report: 'P', results: { B: 'P 2' } }),
    ).toEqual({
      '': 'final',
      A: 'final 1',
      B: 'preliminary 2',
    }));
  test('U makes a preliminary result final and keeps its value', () =>
    expect(after({ at: day(1), report: 'P', results: { A: 'P 1' } }, { at: day(2), results: { A: 'U' } })).toEqual({
      '': 'final',
      A: 'final 1',
    }));
});

describe('a retracted result', () => {
  test.each(['D', 'W'])('keeps its last value as entered in error (%s)', (letter) => {
    const merged = steps([
      { at: day(1), results: { A: 'F 1', B: 'F 5' } },
      { at: day(2), results: { A: `${letter} 9` } },
    ]);
    expect(states(headOf(merged))).toEqual({ '': 'final', A: 'entered-in-error 1', B: 'final 5' });
    expect(merged.at(-1)).toMatchObject({ changed: ['', 'A'].slice(1), retired: ['A'] });
  });
  test.each(['F', 'C', 'A'])('is brought back by a later %s', (letter) =>
    expect(
      after(
        { at: day(1), results: { A: 'F 1', B: 'F 1' } },
        { at: day(2), results: { A: 'W' } },
        { at: day(3), results: { A: `${letter} 3` } },
      )['A'],
    ).toMatch(/^(final|corrected|amended) 3$/),
  );
  test.each(['P', 'I', 'X', '', 'V'].filter((letter) => letter !== ''))('is not brought back by %s', (letter) => {
    const messages: Told[] = [
      { at: day(1), results: { A: 'F 1', B: 'F 1' } },
      { at: day(2), results: { A: 'W' } },
      { at: day(3), results: { A: `${letter} 3` } },
    ];
    expect(after(...messages)['A']).toBe('entered-in-error 1');
    expect(problemsOf(...messages)).toEqual(['registry/retracted-before OBX[1]']);
  });
  test('is not brought back by an older F that comes late', () =>
    expect(after({ at: day(3), results: { A: 'W 1', B: 'F 1' } }, { at: day(2), results: { A: 'F 2' } })['A']).toBe(
      'entered-in-error 1',
    ));
  test('stays final when the retraction is older than the final one', () =>
    expect(after({ at: day(3), results: { A: 'C 3' } }, { at: day(2), results: { A: 'W' } })['A']).toBe('corrected 3'));
  test('makes its report entered in error when no other is left, until one comes back', () => {
    const first: Told = { at: day(1), results: { A: 'F 1' } };
    const second: Told = { at: day(2), results: { A: 'W' } };
    expect(after(first, second)).toEqual({ '': 'entered-in-error', A: 'entered-in-error 1' });
    expect(after(first, second, { at: day(3), report: 'F', results: { A: 'C 3' } })).toEqual({
      '': 'final',
      A: 'corrected 3',
    });
  });
});

describe('a retracted report (OBR-25)', () => {
  test.each(['X', 'D', 'W'])('%s retracts every result', (letter) => {
    const merged = steps([
      { at: day(1), results: { A: 'F 1', B: 'P 2' } },
      { at: day(2), report: letter },
    ]);
    expect(states(headOf(merged))).toMatchObject({ A: 'entered-in-error 1', B: 'entered-in-error 2' });
    expect(merged.at(-1)).toMatchObject({ retired: ['A', 'B'] });
  });
  test('leaves what was stated later', () =>
    expect(after({ at: day(3), results: { A: 'C 3' } }, { at: day(2), report: 'X' })).toEqual({
      '': 'final',
      A: 'corrected 3',
    }));
  test('also retracts results that come late', () =>
    expect(after({ at: day(2), report: 'X' }, { at: day(1), results: { A: 'F 1' } })).toEqual({
      '': 'cancelled',
      A: 'entered-in-error 1',
    }));
  test('comes back with a later final one, result by result', () =>
    expect(
      after(
        { at: day(1), results: { A: 'F 1', B: 'F 2' } },
        { at: day(2), report: 'W' },
        { at: day(3), results: { A: 'F 3' } },
      ),
    ).toEqual({ '': 'final', A: 'final 3', B: 'entered-in-error 2' }));
  test('does not come back with a later preliminary one', () =>
    expect(after({ at: day(2), report: 'W' }, { at: day(3), report: 'P', results: { A: 'P 3' } })).toEqual({
      '': 'entered-in-error',
      A: 'preliminary 3',
    }));
  test('is remembered when it came back, for results that come late', () =>
    expect(
      after({ at: day(2), report: 'W' }, { at: day(3), results: { A: 'F 3' } }, { at: day(1), results: { B: 'F 1' } }),
    ).toEqual({ '': 'final', A: 'final 3', B: 'entered-in-error 1' }));
  test('keeps what each result said, so that a later statement of it counts as ever', () =>
    expect(
      after(
        { at: day(1), report: 'P', results: { A: 'P 1' } },
        { at: day(2), report: 'X' },
        { at: day(3), results: { A: 'P 3' } },
      ),
    ).toEqual({ '': 'final', A: 'preliminary 3' }));
});

describe('a snapshot profile', () => {
  const snapshot = { profile: { update: 'snapshot' } } as const;
  const end = (...messages: Told[]) => states(headOf(steps(messages, snapshot)));
  test('retracts what a newer message does not have', () => {
    const merged = steps(
      [
        { at: day(1), results: { A: 'F 1', B: 'F 5' } },
        { at: day(2), results: { A: 'F 1' } },
      ],
      snapshot,
    );
    expect(states(headOf(merged))).toMatchObject({ A: 'final 1', B: 'entered-in-error 5' });
    expect(merged.at(-1)).toMatchObject({ changed: ['B'], retired: ['B'] });
  });
  test('is not moved by an older message that has less', () =>
    expect(end({ at: day(2), results: { A: 'F 1', B: 'F 5' } }, { at: day(1), results: { A: 'F 1' } })).toMatchObject({
      B: 'final 5',
    }));
  test('takes what only an older message had as retracted', () =>
    expect(end({ at: day(2), results: { A: 'F 1' } }, { at: day(1), results: { A: 'F 1', B: 'F 5' } })).toMatchObject({
      B: 'entered-in-error 5',
    }));
  test('keeps specimens', () => {
    const version = headOf(
      steps(
        [
          { at: day(1), results: { A: 'F 1' }, specimen: {} },
          { at: day(2), results: { A: 'F 2' } },
        ],
        snapshot,
      ),
    );
    expect(version.elements.map(({ key }) => key)).toContain('specimen|1');
  });
});

describe('a resend', () => {
  const message: Told = { at: day(1), results: { A: 'F 1.50' }, specimen: {} };
  test('of the same content and time changes nothing', () =>
    expect(steps([message, message]).at(-1)).toEqual({ kind: 'unchanged', problems: [] }));
  test('that is older changes nothing and is no problem', () =>
    expect(steps([{ ...message, at: day(2) }, message]).at(-1)).toEqual({ kind: 'unchanged', problems: [] }));
  test('that is stated later is remembered, so that a late message from between does not win', () => {
    const again = steps([message, { ...message, at: day(3) }]).at(-1);
    expect(again).toMatchObject({ kind: 'new-version', changed: [], retired: [], version: { version: 2 } });
    const late = after(message, { ...message, at: day(3) }, { at: day(2), results: { A: 'C 9' } });
    expect(late['A']).toBe('final 1.50');
  });
  test('of a value written otherwise is a change', () =>
    expect(steps([message, { ...message, results: { A: 'F 1.5' } }]).at(-1)).toMatchObject({ changed: ['A'] }));
});

describe('versions', () => {
  test('an element has the container version in which it last changed', () => {
    const version = headOf(
      steps([
        { at: day(1), results: { A: 'F 1', B: 'F 5' } },
        { at: day(2), results: { A: 'C 2' } },
        { at: day(3), results: { B: 'C 6' } },
      ]),
    );
    expect(version.version).toBe(3);
    expect(version.elements.map(({ key, version: of }) => [key, of])).toEqual([
      ['', 1],
      ['A', 2],
      ['B', 3],
    ]);
  });
  test('the report lists the results of all messages, whichever came first', () => {
    const report = headOf(
      steps([
        { at: day(2), results: { A: 'F 1' } },
        { at: day(1), results: { B: 'F 1' } },
      ]),
    ).elements[0];
    expect((report?.resource as DiagnosticReport | undefined)?.result).toHaveLength(2);
  });
  test('an attachment stays when a delta message has none', () => {
    const messages: Told[] = [
      { at: day(1), results: { A: 'F 1' }, more: { presentedForm: [{ title: 't' }] } },
      { at: day(2), results: { A: 'C 2' } },
    ];
    const formsIn = (profile: 'delta' | 'snapshot') =>
      (headOf(steps(messages, { profile: { update: profile } })).elements[0]?.resource as DiagnosticReport | undefined)
        ?.presentedForm;
    expect(formsIn('delta')).toHaveLength(1);
    expect(formsIn('snapshot')).toBeUndefined();
  });
  test('a report without a stated status takes it from its results', () => {
    expect(after({ at: day(1), report: '', results: { A: 'F 1' } })['']).toBe('final');
    expect(after({ at: day(1), report: '', results: { A: 'P 1' } })['']).toBe('preliminary');
    expect(after({ at: day(1), report: '', results: { A: 'F 1', B: 'P 1' } })['']).toBe('partial');
    expect(
      after(
        { at: day(1), report: '', results: { A: 'F 1', B: 'P 1' } },
        { at: day(2), report: '', results: { B: 'F 2' } },
      )[''],
    ).toBe('final');
    expect(after({ at: day(1), report: '' })['']).toBe('unknown');
  });
});

describe('a conflict is never a correction', () => {
  const first = { at: day(1), results: { A: 'F 1', B: 'F 2' }, collected: day(1) };
  const [stored] = steps([first]);
  const head = stored?.kind === 'new-version' ? stored.version : undefined;
  const again = (changes: Told, how: Parameters<typeof context>[0] = {}) =>
    mergeReport(head, told({ ...first, ...changes }), context(how));
  test('another patient: every element is a problem at its position', () =>
    expect(again({ at: day(2) }, { samePatient: false, patient: 'p2' })).toEqual({
      kind: 'conflict',
      problems: ['OBR[1]', 'OBX[1]', 'OBX[2]'].map((at) => ({ code: 'registry/other-patient', severity: 'error', at })),
    }));
  test('another Patient of the same Person is none, and the report stays where it was', () =>
    expect(again({ at: day(2), results: { A: 'C 3' } }, { patient: 'p2' })).toMatchObject({
      version: { patient: 'p1' },
    }));
  test.each([
    [day(3), 'new-version'],
    [day(3, 1), 'conflict'],
    [day(-1), 'new-version'],
    [day(-1, -1), 'conflict'],
  ])('collected at %s: %s', (collected, kind) => expect(again({ at: day(9), collected }).kind).toBe(kind));
  test('the profile may allow more or less', () => {
    expect(again({ at: day(9), collected: day(5) }, { profile: { update: 'delta', conflictHours: 100 } }).kind).toBe(
      'new-version',
    );
    expect(again({ at: day(9), collected: day(1, 2) }, { profile: { update: 'delta', conflictHours: 1 } }).kind).toBe(
      'conflict',
    );
  });
  test('no collection time is no conflict', () => {
    const { collected: _, ...without } = first;
    expect(mergeReport(head, told({ ...without, at: day(9) }), context()).kind).toBe('new-version');
  });
});

test('every code of the registry has a sentence and is made by a test above', () => {
  const made = new Set(
    [
      ...steps([
        { at: day(2), results: { A: 'F 1' } },
        { at: day(1), results: { A: 'F 2' } },
      ]).flatMap(({ problems }) => problems),
      ...steps([
        { at: day(1), results: { A: 'F 1' } },
        { at: day(2), results: { A: 'P 2' } },
      ]).flatMap(({ problems }) => problems),
      ...steps([
        { at: day(1), results: { A: 'W 1', B: 'F 1' } },
        { at: day(2), results: { A: 'P 2' } },
      ]).flatMap(({ problems }) => problems),
      ...steps([{ at: day(1) }, { at: day(1) }], { samePatient: true }).flatMap(({ problems }) => problems),
    ].map(({ code }) => code),
  );
  for (const code of made) expect(Object.keys(SENTENCES)).toContain(code);
  expect([...made, 'registry/other-patient', 'registry/collection-apart'].toSorted()).toEqual(
    Object.keys(SENTENCES).toSorted(),
  );
});
