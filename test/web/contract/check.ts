/** `/recognition` on any runtime: a question is answered with its checks, and a reply is in the ledger. */
import { beforeAll, describe, expect, test } from 'vitest';
import { ELECTROLYTES, oru } from '../../support/messages.ts';
import { expectAcknowledged, type Held, hoursAgo, NATIONAL, person, refusalOf } from './subject.ts';

interface Answer {
  readonly sample: boolean;
  readonly items: readonly {
    readonly decision: string;
    readonly coverage: string;
    readonly offer: string;
    readonly answered: string | null;
    readonly results: readonly { readonly value: string; readonly facility: { readonly name: string } }[];
    readonly checks: readonly { readonly code: string; readonly state: string }[];
  }[];
}

/** Electrolytes of a serum, so that all checks can pass. */
export function electrolytes(controlId: string, patient: ReturnType<typeof person>, results = ELECTROLYTES): string {
  return oru({
    controlId,
    patient,
    collected: hoursAgo(20),
    reported: hoursAgo(18),
    results,
    specimen: '血清',
  });
}

export function checkContract(held: Held): void {
  describe('recognition', () => {
    const who = person(601);
    const question = {
      patient: {
        identifiers: [
          { type: 'PI', value: 'C601' },
          { system: NATIONAL, value: who.national },
        ],
        name: who.name,
        birthDate: '1970-03-05',
        sex: 'male',
      },
      encounter: 'E601',
      orders: [{ key: 'o1', code: { system: '', code: 'DJZ' } }],
    };
    const reply = (offer: string | undefined, by: 'city' | 'county' = 'city'): Promise<Response> =>
      held().post(by, '/recognition/replies', {
        offer,
        outcome: 'refused',
        reason: '98',
        practitioner: 'p',
        at: new Date().toISOString(),
      });

    beforeAll(async () => {
      const sent = await held().post('county', '/intake', electrolytes('C1', who), 'application/hl7-v2');
      await expectAcknowledged(sent, 'C1');
    });

    test('recognises what another hospital found, and says by which checks', async () => {
      const { sample, items } = await held().answer<Answer>(held().post('city', '/recognition/check', question));
      expect(sample).toBe(true);
      expect(items[0]).toMatchObject({ key: 'o1', item: 'ELECTROLYTES', decision: 'recognise', coverage: 'full' });
      expect(items[0]?.results.find(({ value }) => value === '4.1')?.facility.name).toBe('试验县医院');
      expect(items[0]?.checks.length).toBeGreaterThan(5);
      expect(await held().answer(reply(items[0]?.offer))).toMatchObject({
        entry: expect.any(String),
        hash: expect.stringMatching(/^[\w-]{43}$/),
        note: expect.stringMatching(/^检查检验结果互认：.*未采用已有结果，理由：98 /),
      });
    });

    test('answers many questions at once, each with its own offer', async () => {
      const asked = Array.from({ length: 12 }, (_, n) =>
        held().answer<Answer>(held().post('city', '/recognition/check', { ...question, encounter: `E-${n}` })),
      );
      const answers = await Promise.all(asked);
      expect(answers.map(({ items }) => items[0]?.decision)).toEqual(answers.map(() => 'recognise'));
      expect(new Set(answers.map(({ items }) => items[0]?.offer)).size).toBe(12);
    });

    test('recognises a part: what is missing is told as the asker orders it, and what was abnormal', async () => {
      const other = person(603);
      const three = ['NM|K^钾^L||5.6|mmol/L|3.5-5.3|H|||F', ...ELECTROLYTES.slice(1, 3)];
      const sent = await held().post('county', '/intake', electrolytes('C2', other, three), 'application/hl7-v2');
      await expectAcknowledged(sent, 'C2');
      const patient = { ...question.patient, name: other.name };
      const identifiers = [
        { type: 'PI', value: 'C603' },
        { system: NATIONAL, value: other.national },
      ];
      const asked = { ...question, patient: { ...patient, identifiers }, situations: [] };
      const { items } = await held().answer<Answer>(held().post('city', '/recognition/check', asked));
      expect(items[0]).toMatchObject({
        decision: 'recognise',
        coverage: 'partial',
        missing: ['CA'],
        toOrder: [{ item: 'CA', code: { system: 'http://loinc.org', code: '2000-8', display: '钙' } }],
        abnormal: ['K'],
      });
    });

    test('gives the same offer for the same results in one visit, and says what was answered', async () => {
      const visit = { ...question, encounter: 'E605' };
      const ask = async () => {
        const { items } = await held().answer<Answer>(held().post('city', '/recognition/check', visit));
        return [items[0]?.offer, items[0]?.answered, items[0]?.results.length] as const;
      };
      const [offer, answered, results] = await ask();
      expect([answered, results]).toEqual([null, 4]);
      expect(await ask()).toEqual([offer, null, 4]);
      expect((await reply(offer)).status).toBe(200);
      expect(await ask()).toEqual([offer, 'refused', 4]);
      const { items } = await held().answer<Answer>(
        held().post('city', '/recognition/check', { ...visit, encounter: 'E606' }),
      );
      expect(items[0]?.offer).not.toBe(offer);
    });

    test('reviews when the encounter is not known', async () => {
      const { encounter: _, ...bare } = question;
      const { items } = await held().answer<Answer>(held().post('city', '/recognition/check', bare));
      expect(items[0]?.decision).toBe('review');
    });

    test('refuses another facility’s reply, a wrong shape, two keys alike and nobody', async () => {
      const { items } = await held().answer<Answer>(held().post('city', '/recognition/check', question));
      expect(await refusalOf(await reply(items[0]?.offer, 'county'))).toEqual([404, 'gateway/unknown-offer']);
      const check = (body: unknown): Promise<Response> => held().post('city', '/recognition/check', body);
      expect(await refusalOf(await check({ patient: {}, orders: [] }))).toEqual([400, 'web/wrong-shape']);
      expect(await refusalOf(await check('{"orders":[],"orders":[]}'))).toEqual([400, 'web/not-json']);
      expect(await refusalOf(await held().post('nobody', '/recognition/check', question))).toEqual([
        401,
        'access/no-token',
      ]);
    });
  });
}
