/** Order messages, segment by segment: what is asked, for whom, in which visit, and what is wrong where. */
import { describe, expect, it } from 'vitest';
import { parse } from '../../../src/formats/hl7v2/parse.ts';
import { mapOrders } from '../../../src/mapping/map-orders.ts';
import { DEFAULT_PROFILE, type FacilityId } from '../../../src/terms/facility.ts';
import { demoIdKeys } from '../../../src/gateway/dry-run.ts';
import { createMessageIds } from '../../../src/gateway/id-source.ts';
import { msh, PID } from '../../support/oru.ts';

const FACILITY = 'city' as FacilityId;

function mapped(...segments: readonly string[]) {
  const message = parse([msh('OML^O21'), ...segments].join('\r')).value;
  if (message === undefined) throw new Error('the test message is not read');
  const ids = createMessageIds(demoIdKeys(), { facility: FACILITY, production: true, known: new Map() });
  return mapOrders(message, { facility: FACILITY, zone: 'Asia/Shanghai', profile: DEFAULT_PROFILE, ids });
}

const problems = (of: ReturnType<typeof mapped>) => of.problems.map(({ code, severity, at }) => [code, severity, at]);

describe('mapOrders', () => {
  it('reads who, where, by whom and what', () => {
    const of = mapped(
      PID,
      'PV1|1|I||||||||05|||||||||V9',
      'ORC|NW|P1||||||||||D7^王',
      'OBR|1|P1||DJZ^电解质^L^2951-2^Sodium^LN',
      'TQ1|1||||||||S^Stat',
      'ORC|NW|P2',
      'OBR|2|P2||2823-3^K^LN',
    );
    expect(of.patient).toMatchObject({ names: ['张三'], birthDate: '1990-01-01', sex: 'male' });
    expect([of.encounter, of.practitioner, of.visit]).toEqual(['V9', 'D7', { class: 'inpatient', specialty: '05' }]);
    expect(of.orders.map(({ key, act, order }) => ({ key, act, order }))).toEqual([
      {
        key: 'P1',
        act: 'place',
        order: {
          key: 'P1',
          system: '',
          code: 'DJZ',
          display: '电解质',
          alternatives: [{ system: 'http://loinc.org', code: '2951-2' }],
          priority: 'stat',
        },
      },
      { key: 'P2', act: 'place', order: { key: 'P2', system: 'http://loinc.org', code: '2823-3', display: 'K' } },
    ]);
    expect(of.problems).toEqual([]);
  });

  it('takes a number, a code and a priority from where old versions have them', () => {
    const of = mapped(PID, 'OBR|1|||^^^2823-3^K^LN|A', 'ORC|CA|P2', `OBR|2|P2||K^钾^L${'|'.repeat(23)}^^^^^R`);
    expect(of.orders.map(({ key, act, order }) => [key, act, order?.code, order?.system, order?.priority])).toEqual([
      ['1', 'place', '2823-3', 'http://loinc.org', 'asap'],
      ['P2', 'cancel', 'K', '', 'routine'],
    ]);
  });

  it.each([
    ['nobody', ['OBR|1|P1||K^钾^L'], [['mapping/order-without-patient', 'error', 'PID']]],
    ['nothing', [PID], [['mapping/no-order', 'error', 'OBR']]],
    ['no code', [PID, 'ORC|NW|P1', 'OBR|1|P1'], [['mapping/order-without-code', 'error', 'OBR[1]-4']]],
    ['another control', [PID, 'ORC|HD|P1', 'OBR|1|P1||K^钾^L'], [['mapping/order-control', 'warning', 'ORC[1]-1']]],
  ])('says that an order has %s', (_, segments, expected) => {
    expect(problems(mapped(...segments))).toEqual(expected);
  });

  it('keeps no text of a visit that is no code', () => {
    expect(mapped(PID, 'PV1|1|X||||||||心内科 三病区', 'OBR|1|P1||K^钾^L').visit).toBeUndefined();
  });
});
