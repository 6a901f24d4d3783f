/** Synthetic offers, catalogues and entries for the tests of the ledger. */
import { entryOf, offeredEntry } from '../../../src/ledger/offered-entry.ts';
import type { Catalogue, Panel, Price, PriceItem } from '../../../src/terms/catalogue.ts';
import type { Decision, ItemDecision, Verdict } from '../../../src/terms/decision.ts';
import { DEFAULT_PROFILE, type Facility, type FacilityId } from '../../../src/terms/facility.ts';
import type { Bucket } from '../../../src/terms/bucket.ts';
import type { Instant } from '../../../src/terms/instant.ts';
import type { LedgerEntry } from '../../../src/terms/ledger-entry.ts';
import type { Offer } from '../../../src/terms/offer.ts';
import type { ResultEntry } from '../../../src/terms/result-entry.ts';

export const CLINIC = 'clinic' as FacilityId;
export const HOSPITAL = 'hospital' as FacilityId;
export const AT = '2026-03-01T15:59:00.000Z' as Instant;

export const ASKER: Facility = {
  id: CLINIC,
  name: '甲镇卫生院',
  level: 1,
  area: '421281',
  alliances: [],
  zone: 'Asia/Shanghai',
  profile: DEFAULT_PROFILE,
};

export function resultOf(item: string, more: Partial<ResultEntry> = {}): ResultEntry {
  return {
    bucket: 1 as Bucket,
    patient: 'patient-h',
    item,
    facility: HOSPITAL,
    system: '',
    code: item,
    display: item,
    effectiveStart: AT,
    effectiveEnd: AT,
    basis: 'collected',
    status: 'final',
    value: { kind: 'none' },
    interpretation: [],
    qualityFlags: [],
    production: true,
    container: `report-${item}`,
    element: 'e',
    version: 1,
    knownFrom: AT,
    knownTo: null,
    ...more,
  };
}

export function decisionOf(target: string, items: readonly string[], more: Partial<Decision> = {}): Decision {
  return {
    key: 'order-1',
    target,
    verdict: 'recognise',
    coverage: 'full',
    missing: [],
    items: items.map((item) => itemDecision(item, 'recognise')),
    abnormal: [],
    ...more,
  };
}

export function itemDecision(item: string, verdict: Verdict, entry: ResultEntry = resultOf(item)): ItemDecision {
  return { item, verdict, entry, checks: [] };
}

export function offerOf(decision: Decision, more: Partial<Offer> = {}): Offer {
  return {
    id: 'offer-1',
    at: AT,
    facility: CLINIC,
    patient: { bucket: 1 as Bucket, patient: 'patient-c', facility: CLINIC },
    encounterMac: 'encounter-mac',
    orderMac: 'order-mac',
    catalogueDigest: 'catalogue-1',
    decision,
    ...more,
  };
}

export function catalogueOf(parts: {
  readonly panels?: readonly Panel[];
  readonly priceItems?: readonly PriceItem[];
  readonly prices?: readonly Price[];
}): Catalogue {
  return {
    digest: 'catalogue-2',
    sample: true,
    items: new Map(),
    panels: new Map((parts.panels ?? []).map((panel) => [panel.id, panel])),
    priceItems: new Map((parts.priceItems ?? []).map((priceItem) => [priceItem.id, priceItem])),
    prices: parts.prices ?? [],
    marks: [],
    refusalReasons: [
      { code: '01', zh: '病情变化', en: 'The condition changed', countsAsRefusal: true },
      { code: '98', zh: '无影像', en: 'No images', countsAsRefusal: false },
    ],
    containment: [],
    windows: [],
    acceptance: [],
    situations: [],
    consequences: [],
  };
}

export function panelOf(id: string, required: readonly string[], derived: readonly string[] = []): Panel {
  return { id, nameZh: id, nameEn: id, loinc: '', required, derived };
}

export function priceItemOf(id: string, ...covers: readonly string[]): PriceItem {
  return { id, nameZh: id, nationalCode: '', covers };
}

export function areaPrice(priceItem: string, fen: number, more: Partial<Price> = {}): Price {
  return { priceItem, level: 1, area: '42', fen, validFrom: '2020-01-01', source: `table ${priceItem}`, ...more };
}

/** The mac of the tests shows what went in. */
export const openMac = (text: string): string => `<${text}>`;

/** `count` different entries of one chain: offered and accepted in turn, a second apart. */
export function entriesOf(count: number, chain: FacilityId = CLINIC): LedgerEntry[] {
  return Array.from({ length: count }, (_, index) => {
    const at = new Date(Date.parse(AT) + index * 1000).toISOString() as Instant;
    const offer = offerOf(decisionOf('WBC', ['WBC']), { id: `offer-${index >> 1}`, facility: chain, at });
    const entryId = `entry-${index}`;
    if (index % 2 === 0) return offeredEntry({ offer, entryId, patientMac: 'patient-mac' });
    const common = entryOf({ offer, entryId, patientMac: 'patient-mac', kind: 'accepted', at, catalogueDigest: 'c' });
    return { ...common, savings: [{ priceItem: 'P-WBC', fen: 100 + index, source: 's', key: `key-${index}` }] };
  });
}
