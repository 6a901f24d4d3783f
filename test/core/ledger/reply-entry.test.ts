import { describe, expect, it } from 'vitest';
import { offeredEntry } from '../../../src/ledger/offered-entry.ts';
import { replyEntry, type ReplyInput } from '../../../src/ledger/reply-entry.ts';
import { savedFen, savedSum } from '../../../src/ledger/saved-sum.ts';
import type { Instant } from '../../../src/terms/instant.ts';
import { type LedgerEntry, NO_VISIT } from '../../../src/terms/ledger-entry.ts';
import type { Reply } from '../../../src/terms/reply.ts';
import {
  areaPrice,
  ASKER,
  AT,
  catalogueOf,
  CLINIC,
  decisionOf,
  itemDecision,
  offerOf,
  openMac,
  priceItemOf,
  resultOf,
} from './ledger-samples.ts';

const CATALOGUE = catalogueOf({ priceItems: [priceItemOf('P-TSH', 'TSH')], prices: [areaPrice('P-TSH', 3000)] });
const OFFER = offerOf(decisionOf('TSH', ['TSH']));
const OFFERED = offeredEntry({ offer: OFFER, entryId: 'e0', patientMac: 'patient-mac' });
const LATER = '2026-03-02T01:00:00.000Z' as Instant;

function say(outcome: Reply['outcome'], more: Partial<Reply> = {}, input: Partial<ReplyInput> = {}) {
  const earlier = input.earlier ?? [OFFERED];
  return replyEntry({
    offer: OFFER,
    reply: { offer: OFFER.id, outcome, at: AT, ...more },
    earlier,
    catalogue: CATALOGUE,
    asker: ASKER,
    regionZone: 'Asia/Shanghai',
    at: LATER,
    mac: openMac,
    patientMac: 'patient-mac',
    entryId: `e${earlier.length}`,
    ...input,
  });
}

/** The ledger after these replies; fails when one is not taken as new. */
function ledger(...replies: readonly [Reply['outcome'], Partial<Reply>?][]): LedgerEntry[] {
  const entries: LedgerEntry[] = [OFFERED];
  for (const [outcome, more] of replies) {
    const said = say(outcome, more, { earlier: [...entries] });
    if (!said.ok || said.value.kind !== 'new') throw new Error('the reply was not taken as new');
    entries.push(said.value.entry);
  }
  return entries;
}

function codeOf(said: ReturnType<typeof say>): string {
  return said.ok ? said.value.kind : said.refusal.code;
}

describe('offeredEntry', () => {
  it('says what was shown, to whom, and on which results it rests', () => {
    expect(OFFERED).toEqual({
      id: 'e0',
      form: 2,
      chain: CLINIC,
      kind: 'offered',
      at: AT,
      offer: 'offer-1',
      patientMac: 'patient-mac',
      encounterMac: 'encounter-mac',
      orderMac: 'order-mac',
      target: 'TSH',
      savings: [],
      catalogueDigest: 'catalogue-1',
      results: ['report-TSH@1'],
      crossFacility: true,
      reason: '',
      countsAsRefusal: false,
      visit: NO_VISIT,
    });
  });

  it('lists each container once and in order, and none that was not to be recognised', () => {
    const items = [
      itemDecision('RBC', 'recognise', resultOf('RBC', { container: 'r2', facility: CLINIC })),
      itemDecision('WBC', 'recognise', resultOf('WBC', { container: 'r1', facility: CLINIC })),
      itemDecision('HGB', 'review', resultOf('HGB', { container: 'r2', facility: CLINIC })),
      itemDecision('CRP', 'do-not', resultOf('CRP', { container: 'r3' })),
      { item: 'ESR', verdict: 'do-not' as const, checks: [] },
    ];
    const entry = offeredEntry({ offer: offerOf(decisionOf('CBC', [], { items })), entryId: 'e', patientMac: 'm' });
    expect(entry.results).toEqual(['r1@1', 'r2@1']);
    expect(entry.crossFacility).toBe(false);
  });
});

describe('replyEntry', () => {
  it('writes an acceptance with its saving, at the gateway’s time, by the catalogue of the reply', () => {
    const [, accepted] = ledger(['accepted']);
    expect(accepted).toMatchObject({
      kind: 'accepted',
      at: LATER,
      catalogueDigest: 'catalogue-2',
      reason: '',
      countsAsRefusal: false,
    });
    expect(accepted?.savings).toMatchObject([{ priceItem: 'P-TSH', fen: 3000, source: 'table P-TSH' }]);
  });

  it('answers a second acceptance of the same offer with the first entry', () => {
    const entries = ledger(['accepted']);
    const again = say('accepted', { at: LATER }, { earlier: entries });
    expect(again).toEqual({ ok: true, value: { kind: 'known', entry: entries[1] } });
  });

  it('prices by the day of the offer in the region’s zone', () => {
    const dated = catalogueOf({
      priceItems: [priceItemOf('P-TSH', 'TSH')],
      prices: [
        areaPrice('P-TSH', 1, { validTo: '2026-03-01' }),
        areaPrice('P-TSH', 2, { validFrom: '2026-03-01', validTo: '2026-03-02' }),
        areaPrice('P-TSH', 3, { validFrom: '2026-03-02' }),
      ],
    });
    const fen = (at: string, regionZone: string) => {
      const said = say('accepted', {}, { offer: { ...OFFER, at: at as Instant }, catalogue: dated, regionZone });
      return said.ok ? said.value.entry.savings[0]?.fen : undefined;
    };
    expect(fen('2026-03-01T15:59:59.999Z', 'Asia/Shanghai')).toBe(2);
    expect(fen('2026-03-01T16:00:00.000Z', 'Asia/Shanghai')).toBe(3);
    expect(fen('2026-02-28T16:00:00.000Z', 'Asia/Shanghai')).toBe(2);
    expect(fen('2026-02-28T16:00:00.000Z', 'UTC')).toBe(1);
  });

  it('drops savings that an open acceptance already holds', () => {
    const [, accepted] = ledger(['accepted']);
    const alreadySaved = new Set(accepted?.savings.map(({ key }) => key));
    const said = say('accepted', {}, { alreadySaved });
    expect(said.ok && said.value.entry.savings).toEqual([]);
    expect(said.ok && said.value.entry.kind).toBe('accepted');
  });

  it('writes a refusal with its coded reason and whether it counts', () => {
    expect(ledger(['refused', { reason: '01' }])[1]).toMatchObject({
      kind: 'refused',
      reason: '01',
      countsAsRefusal: true,
      savings: [],
    });
    expect(ledger(['refused', { reason: '98' }])[1]).toMatchObject({ reason: '98', countsAsRefusal: false });
  });

  it('writes a refusal without a stated reason as one that counts', () => {
    expect(ledger(['refused'])[1]).toMatchObject({ kind: 'refused', reason: '', countsAsRefusal: true });
  });

  it('refuses a reason that the catalogue does not have', () => {
    expect(say('refused', { reason: '77' })).toMatchObject({
      ok: false,
      refusal: { category: 'incorrect', code: 'ledger/unknown-reason', at: 'reason' },
    });
  });

  it('answers a second refusal for the same reason with the first entry, and refuses another reason', () => {
    const entries = ledger(['refused', { reason: '01' }]);
    expect(say('refused', { reason: '01' }, { earlier: entries })).toEqual({
      ok: true,
      value: { kind: 'known', entry: entries[1] },
    });
    expect(codeOf(say('refused', { reason: '98' }, { earlier: entries }))).toBe('ledger/answered-otherwise');
  });

  it('refuses the opposite answer until the standing one is revoked', () => {
    expect(codeOf(say('refused', {}, { earlier: ledger(['accepted']) }))).toBe('ledger/answered-otherwise');
    expect(codeOf(say('accepted', {}, { earlier: ledger(['refused']) }))).toBe('ledger/answered-otherwise');
    expect(ledger(['accepted'], ['revoked'], ['refused'])).toHaveLength(4);
  });

  it('revokes an acceptance or a refusal once, and nothing else', () => {
    expect(codeOf(say('revoked'))).toBe('ledger/nothing-to-revoke');
    for (const first of ['accepted', 'refused'] as const) {
      const entries = ledger([first], ['revoked']);
      expect(entries[2]).toMatchObject({ kind: 'revoked', savings: [] });
      expect(say('revoked', {}, { earlier: entries })).toEqual({
        ok: true,
        value: { kind: 'known', entry: entries[2] },
      });
    }
  });

  it('takes an acceptance after a revocation as a new one with its saving', () => {
    const entries = ledger(['accepted'], ['revoked'], ['accepted']);
    expect(entries[3]?.savings).toEqual(entries[1]?.savings);
    expect(savedFen(entries)).toBe(3000);
  });

  it('takes an acceptance of a review card and saves nothing by it', () => {
    const offer = { ...OFFER, decision: { ...OFFER.decision, verdict: 'review' as const } };
    const said = say('accepted', {}, { offer });
    expect(said).toMatchObject({ ok: true, value: { kind: 'new', entry: { kind: 'accepted', savings: [] } } });
  });

  it('refuses an answer to what was not offered', () => {
    const offer = { ...OFFER, decision: { ...OFFER.decision, verdict: 'do-not' as const } };
    expect(codeOf(say('accepted', {}, { offer }))).toBe('ledger/not-offered');
  });
});

describe('savedSum', () => {
  it('nets what was revoked and counts lines without amount apart', () => {
    const [offered, accepted] = ledger(['accepted']);
    if (offered === undefined || accepted === undefined) throw new Error('two entries were written');
    const unknown = { ...accepted, offer: 'offer-2', savings: [{ priceItem: 'P', fen: null, source: '', key: 'k' }] };
    expect(savedSum([])).toMatchObject({ fen: 0, priced: 0, unpriced: 0 });
    expect(savedSum([offered])).toMatchObject({ fen: 0, priced: 0, unpriced: 0 });
    expect(savedSum([offered, accepted, unknown])).toMatchObject({ fen: 3000, priced: 1, unpriced: 1 });
    expect(savedSum([...ledger(['accepted'], ['revoked']), unknown])).toMatchObject({ fen: 0, priced: 0, unpriced: 1 });
  });
});
