/** Properties of identity: normal forms are stable, nothing different is ever certain, judging is symmetric. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { namesAgree } from '../../src/identity/compare-facts.ts';
import { identityKeys } from '../../src/identity/identity-keys.ts';
import { judgeIdentity } from '../../src/identity/judge-identity.ts';
import { checkOf, readNationalId } from '../../src/identity/national-id.ts';
import { fold, normaliseName } from '../../src/identity/normalise-name.ts';
import { classOfName } from '../../src/identity/placeholder-name.ts';
import { strongestKey } from '../../src/identity/strongest-key.ts';
import type { Bucket } from '../../src/terms/bucket.ts';
import type { FacilityId } from '../../src/terms/facility.ts';
import type { IdentityFacts } from '../../src/terms/mapped.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...Array.from('张三李·•．^ .abcBB之子女婴无名氏测试İΣß́ﬁ㎏Å﷽ｶﾞ')) }),
);
const NAMES = [
  '张三',
  '张^三',
  '李四',
  '李梅',
  '李梅之子',
  '无名氏',
  'Zhang San',
  'SAN ZHANG',
  '张*',
  '阿不都·买买提',
  '阿不都 买买提',
  '',
];
const NUMBERS = [
  '000000199001010018',
  '000000900101001',
  '000000199001010034',
  '000000198505200021',
  '000000199001010017',
  'A1',
];

const facts: fc.Arbitrary<IdentityFacts> = fc
  .record({
    names: fc.array(fc.constantFrom(...NAMES), { maxLength: 2 }),
    identifiers: fc.array(
      fc.record({
        type: fc.constantFrom('NI', 'NNCHN', '', 'MR', 'PPN'),
        system: fc.constantFrom('', 'urn:a'),
        value: fc.constantFrom(...NUMBERS),
        at: fc.constant('PID-3'),
      }),
      { maxLength: 3 },
    ),
    birthDate: fc.constantFrom('', '1990-01-01', '1985-05-20', '1990'),
    sex: fc.constantFrom('' as const, 'male' as const, 'female' as const, 'unknown' as const),
  })
  .map(({ names, identifiers, birthDate, sex }) => ({
    names,
    identifiers,
    ...(birthDate === '' ? {} : { birthDate }),
    ...(sex === '' ? {} : { sex }),
    at: 'PID',
  }));

/** Records that are certain by themselves: a stated valid number, a name, nothing that denies it. */
const soundFacts: fc.Arbitrary<IdentityFacts> = fc
  .record({
    number: fc.constantFrom('000000199001010018', '000000900101001', '000000199001010034'),
    name: fc.constantFrom('张三', '张^三', '李四', 'Zhang San', 'SAN ZHANG'),
    alias: fc.constantFrom('', '李四', '阿宝'),
    birthDate: fc.constantFrom('', '1990', '1990-01-01'),
    sex: fc.constantFrom('' as const, 'male' as const, 'other' as const),
    untyped: fc.constantFrom('', '0001', '000000198505200021'),
  })
  .map(({ number, name, alias, birthDate, sex, untyped }) => ({
    names: alias === '' ? [name] : [name, alias],
    identifiers: [
      { type: 'NI', system: '', value: number, at: 'PID-3' },
      ...(untyped === '' ? [] : [{ type: '', system: '', value: untyped, at: 'PID-3(2)' }]),
    ],
    ...(birthDate === '' ? {} : { birthDate }),
    ...(sex === '' ? {} : { sex }),
    at: 'PID',
  }));

function judge(newcomer: IdentityFacts, others: readonly IdentityFacts[], person?: string) {
  const standing = others.map((one, index) => ({
    patient: { bucket: 0 as Bucket, patient: `p${index}`, facility: 'f' as FacilityId },
    facts: one,
    person,
  }));
  return judgeIdentity({ newcomer, standing });
}

describe('normalised names', () => {
  it('are normal already', () => {
    fc.assert(
      fc.property(anyText, (text) => normaliseName(normaliseName(text)) === normaliseName(text)),
      { numRuns: 2000 },
    );
  });

  it('do not depend on where a Latin name is cut in two', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'x', 'y', 'z'), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(word, word, (family, given) => {
        const one = normaliseName(`${family} ${given}`);
        expect(normaliseName(`${given.toUpperCase()}^${family}`)).toBe(one);
        expect(normaliseName(family + given)).toBe(one);
      }),
    );
  });

  it('and classes never throw, whatever the text', () => {
    fc.assert(
      fc.property(anyText, (text) => [fold(text), classOfName(text), readNationalId(text)].length === 3),
      { numRuns: 2000 },
    );
  });
});

describe('national numbers', () => {
  it('are read with their birth date and sex for every day and sequence', () => {
    const day = fc.date({ min: new Date('1900-01-01'), max: new Date('2099-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 999 }), (date, sequence) => {
        const birthDate = date.toISOString().slice(0, 10);
        const body = `000000${birthDate.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`;
        const read = readNationalId(body + checkOf(body));
        expect(read).toMatchObject({ birthDate, sex: sequence % 2 === 1 ? 'male' : 'female', converted15: false });
      }),
    );
  });

  it('are refused when two neighbouring different digits change places', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 15 }), fc.integer({ min: 1, max: 999 }), (at, sequence) => {
        const body = `00000019630825${String(sequence).padStart(3, '0')}`;
        const swapped = body.slice(0, at) + body[at + 1] + body[at] + body.slice(at + 2);
        fc.pre(swapped !== body);
        expect(readNationalId(swapped + checkOf(body))).toBeUndefined();
      }),
    );
  });
});

describe('judging', () => {
  it('is never certain for names that differ after normalisation, nor without a valid stated number', () => {
    fc.assert(
      fc.property(fc.oneof(facts, soundFacts), fc.oneof(facts, soundFacts), (newcomer, standing) => {
        const judged = judge(newcomer, [standing], 'P');
        const shared = (one: IdentityFacts) =>
          identityKeys(one, { facility: 'f' as FacilityId }).flatMap(({ kind, text }) =>
            kind === 'national-id' ? [text] : [],
          );
        const sameNumber = shared(newcomer).some((text) => shared(standing).includes(text));
        if (judged.certainty !== 'certain') return;
        expect(shared(newcomer)).toHaveLength(1);
        expect(judged.nationalNumber).toMatch(/^\d{17}[\dX]$/);
        // A standing record whose name names nobody is no witness; any other must agree.
        if (sameNumber && classOfName(standing.names.find((name) => name !== '') ?? '') === 'real') {
          expect(namesAgree(newcomer, standing)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('of two records that are certain by themselves is the same from either side', () => {
    fc.assert(
      fc.property(soundFacts, soundFacts, (one, other) => {
        expect([judge(one, []).certainty, judge(other, []).certainty]).toEqual(['certain', 'certain']);
        const [left, right] = [judge(one, [other], 'P'), judge(other, [one], 'P')];
        // An alias that hits is possible from its own side and certain from the other; it is never certain against conflict.
        const sides = [left.certainty, right.certainty].toSorted();
        if (sides[0] !== sides[1]) expect(sides).toEqual(['certain', 'possible']);
        else expect(left.ground).toBe(right.ground);
      }),
      { numRuns: 2000 },
    );
  });

  it('shows a steward a possible pair from either side', () => {
    fc.assert(
      fc.property(facts, facts, (one, other) => {
        const seen = (left: IdentityFacts, right: IdentityFacts): boolean =>
          judge(left, [right]).queue?.reason === 'possible-same-person' ||
          judge(left, [right]).ground === 'untyped-national-number';
        fc.pre(judge(one, []).certainty === 'none' && judge(other, []).certainty === 'none');
        expect(seen(one, other)).toBe(seen(other, one));
      }),
      { numRuns: 1000 },
    );
  });

  it('does not depend on the order of the standing records', () => {
    fc.assert(
      fc.property(facts, facts, facts, (newcomer, one, other) => {
        const [left, right] = [judge(newcomer, [one, other]), judge(newcomer, [other, one])];
        expect([left.certainty, left.ground, left.nationalNumber]).toEqual([
          right.certainty,
          right.ground,
          right.nationalNumber,
        ]);
      }),
    );
  });

  it('never queues a conflict without a problem of error severity', () => {
    fc.assert(
      fc.property(facts, facts, (newcomer, standing) => {
        const judged = judge(newcomer, [standing], 'P');
        if (judged.certainty !== 'conflict') return;
        expect(judged.queue?.kind).toBe('conflict');
        expect(judged.problems.some((problem) => problem.severity === 'error')).toBe(true);
      }),
    );
  });

  it('keeps a known record’s link only while nothing speaks against it', () => {
    fc.assert(
      fc.property(soundFacts, fc.oneof(facts, soundFacts), (before, now) => {
        const judged = judgeIdentity({ newcomer: now, standing: [], previous: { facts: before, linked: true } });
        if (judged.certainty !== 'certain') return;
        expect(judged.nationalNumber ?? judge(before, []).nationalNumber).toBe(judge(before, []).nationalNumber);
        if (now.names.some((name) => name !== '')) expect(namesAgree(before, now)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the strongest key', () => {
  it('is one text for every way of writing one number', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('000000199001010018', '000000900101001', '０００000 19900101 0018'),
        anyText,
        (value, reportKey) => {
          const stated = { names: ['张三'], identifiers: [{ type: 'NI', system: '', value, at: '' }], at: '' };
          const plain = {
            ...stated,
            identifiers: [{ type: 'NNCHN', system: 'urn:a', value: '000000199001010018', at: '' }],
          };
          expect(strongestKey({ facts: stated, reportKey })).toBe(
            strongestKey({ facts: plain, patientKey: 'p', reportKey: '' }),
          );
        },
      ),
    );
  });
});
