/** CDS Hooks on any runtime: discovery, a card for a draft order, and feedback. */
import { beforeAll, describe, expect, test } from 'vitest';
import { electrolytes } from './check.ts';
import { expectAcknowledged, type Held, NATIONAL, person, refusalOf } from './subject.ts';

interface Cards {
  readonly cards: readonly {
    readonly uuid: string;
    readonly indicator: string;
    readonly detail: string;
    readonly suggestions: readonly {
      readonly uuid: string;
      readonly isRecommended: boolean;
      readonly actions: readonly { readonly type: string }[];
    }[];
  }[];
}

const SERVICE = '/cds-services/concord-order-select';

export function cdsContract(held: Held): void {
  describe('CDS Hooks', () => {
    const who = person(701);
    const draft = { resourceType: 'ServiceRequest', id: 'd1', status: 'draft', intent: 'order' };
    const hook = {
      hook: 'order-select',
      hookInstance: '5c7a6d2e-0000-4000-8000-000000000001',
      context: {
        userId: 'Practitioner/1',
        patientId: 'his-1',
        encounterId: 'E701',
        selections: ['ServiceRequest/d1'],
        draftOrders: {
          resourceType: 'Bundle',
          entry: [{ resource: { ...draft, code: { coding: [{ code: 'DJZ' }] } } }],
        },
      },
      prefetch: {
        patient: {
          resourceType: 'Patient',
          identifier: [{ value: 'C701' }, { system: NATIONAL, value: who.national }],
          name: [{ text: who.name }],
          birthDate: '1970-03-05',
          gender: 'male',
        },
      },
    };

    beforeAll(async () => {
      const sent = await held().post('county', '/intake', electrolytes('D1', who), 'application/hl7-v2');
      await expectAcknowledged(sent, 'D1');
    });

    test('is discovered by anybody', async () => {
      const { services } = await held().answer<{ services: { id: string; prefetch: object }[] }>(
        held().ask('nobody', '/cds-services'),
      );
      expect(services.map(({ id }) => id)).toContain('concord-order-select');
    });

    test('gives a card for what is there already, and takes the feedback twice as once', async () => {
      const { cards } = await held().answer<Cards>(held().post('city', SERVICE, hook));
      expect(cards).toHaveLength(1);
      const [card] = cards;
      expect(card?.detail).toContain('4.1');
      const feedback = {
        feedback: [
          {
            card: card?.uuid,
            outcome: 'accepted',
            acceptedSuggestions: [{ id: card?.suggestions[0]?.uuid }],
            outcomeTimestamp: new Date().toISOString(),
          },
        ],
      };
      for (const _ of [1, 2]) expect((await held().post('city', `${SERVICE}/feedback`, feedback)).status).toBe(200);
    });

    test('suggests to order what is missing, softly where the earlier result was abnormal', async () => {
      const other = person(703);
      const three = [
        'NM|K^钾^L||5.6|mmol/L|3.5-5.3|H|||F',
        'NM|NA^钠^L||140|mmol/L|137-147||||F',
        'NM|CL^氯^L||103|mmol/L|99-110||||F',
      ];
      const sent = await held().post('county', '/intake', electrolytes('D2', other, three), 'application/hl7-v2');
      await expectAcknowledged(sent, 'D2');
      const patient = {
        ...hook.prefetch.patient,
        identifier: [{ value: 'C703' }, { system: NATIONAL, value: other.national }],
        name: [{ text: other.name }],
      };
      const asked = { ...hook, prefetch: { patient }, extension: { 'urn:concord:situations': [] } };
      const { cards } = await held().answer<Cards>(held().post('city', SERVICE, asked));
      expect(cards).toHaveLength(1);
      expect(cards[0]).toMatchObject({
        indicator: 'info',
        detail: expect.stringContaining('上次结果异常'),
        suggestions: [
          {
            isRecommended: false,
            actions: [
              { type: 'delete', resourceId: 'ServiceRequest/d1' },
              {
                type: 'create',
                resource: {
                  resourceType: 'ServiceRequest',
                  status: 'draft',
                  intent: 'order',
                  subject: { reference: 'Patient/his-1' },
                  encounter: { reference: 'Encounter/E701' },
                  code: { coding: [{ system: 'http://loinc.org', code: '2000-8', display: '钙' }] },
                },
              },
            ],
          },
        ],
      });
    });

    test('is one card in a visit: shown again at signing until it is answered, then silent', async () => {
      const visit = { ...hook.context, encounterId: 'E703' };
      const selecting = { ...hook, context: visit };
      const { selections: _, ...signed } = visit;
      const signing = { ...hook, hook: 'order-sign', context: signed };
      const SIGN = '/cds-services/concord-order-sign';
      const ask = async (service: string, body: object) =>
        (await held().answer<Cards>(held().post('city', service, body))).cards.map(({ uuid }) => uuid);
      const [selected, again, sign] = [
        await ask(SERVICE, selecting),
        await ask(SERVICE, selecting),
        await ask(SIGN, signing),
      ];
      expect(selected).toHaveLength(1);
      expect([again, sign]).toEqual([selected, selected]);
      const said = (card: string | undefined, outcome: string) => ({
        card,
        outcome,
        outcomeTimestamp: new Date().toISOString(),
      });
      // An unknown card keeps the other back from nothing, and is told by its place.
      const unknown = '00000000-0000-4000-8000-000000000000';
      const feedback = { feedback: [said(unknown, 'accepted'), said(selected[0], 'overridden')] };
      const refused = await held().post('city', `${SIGN}/feedback`, feedback);
      expect([refused.status, await refused.json()]).toMatchObject([
        404,
        { code: 'gateway/unknown-offer', at: 'feedback[0]' },
      ]);
      expect([await ask(SERVICE, selecting), await ask(SIGN, signing)]).toEqual([[], []]);
      // Another visit is another card; two drafts of one panel share theirs.
      const twice = { ...draft, code: { coding: [{ code: 'DJZ' }] } };
      const entry = ['d1', 'd2'].map((id) => ({ resource: { ...twice, id } }));
      const drafts = { resourceType: 'Bundle', entry };
      expect(
        await ask(SIGN, { ...signing, context: { ...signed, encounterId: 'E704', draftOrders: drafts } }),
      ).toHaveLength(1);
    });

    test('wants the patient, and a token', async () => {
      expect(await refusalOf(await held().post('city', SERVICE, { ...hook, prefetch: {} }))).toEqual([
        412,
        'web/missing-prefetch',
      ]);
      expect(await refusalOf(await held().post('nobody', SERVICE, hook))).toEqual([401, 'access/no-token']);
    });
  });
}
