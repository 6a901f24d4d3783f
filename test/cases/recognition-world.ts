/**
 * The small region in which the cases of recognition happen: four facilities, one doctor who asks at the county
 * hospital on 2026-03-10 at 10:00, and the committed sample catalogue with marks for the city hospital.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { asDecimal } from '../../src/base/decimal.ts';
import { compileCatalogue } from '../../src/recognition/compile-catalogue.ts';
import type { CatalogueTable } from '../../src/recognition/catalogue-tables.ts';
import { readCsv } from '../../src/runtime/node/read-csv.ts';
import type { Bucket } from '../../src/terms/bucket.ts';
import type { Catalogue, QualityMark } from '../../src/terms/catalogue.ts';
import type { DecideInput } from '../../src/terms/decide-input.ts';
import type { Facility, FacilityId } from '../../src/terms/facility.ts';
import { DEFAULT_PROFILE } from '../../src/terms/facility.ts';
import type { Instant } from '../../src/terms/instant.ts';
import type { EntryValue, ResultEntry } from '../../src/terms/result-entry.ts';
import { toUcum } from '../../src/units/to-ucum.ts';

export const CATALOGUE_DIR = join(import.meta.dirname, '../../mappings/catalogue');

export function readTables(): Record<string, CatalogueTable> {
  const files = readdirSync(CATALOGUE_DIR).filter((file) => file.endsWith('.csv'));
  return Object.fromEntries(files.map((file) => [file, readCsv(join(CATALOGUE_DIR, file))]));
}

/** The committed catalogue; a test that cannot compile it fails at once. */
export function sampleCatalogue(): Catalogue {
  const { value, problems } = compileCatalogue(readTables());
  if (value === undefined) throw new Error(`the committed catalogue does not compile: ${JSON.stringify(problems)}`);
  return value;
}

function facility(id: string, rest: Pick<Facility, 'name' | 'level' | 'area' | 'alliances'>): [FacilityId, Facility] {
  return [id as FacilityId, { id: id as FacilityId, zone: 'Asia/Shanghai', profile: DEFAULT_PROFILE, ...rest }];
}

/** Area codes that no place has. */
export const FACILITIES: ReadonlyMap<FacilityId, Facility> = new Map([
  facility('city', { name: '示例市人民医院', level: 3, area: '000100', alliances: ['示例医联体'] }),
  facility('county', { name: '示例县人民医院', level: 2, area: '000121', alliances: ['示例医联体'] }),
  facility('township', { name: '示例镇卫生院', level: 1, area: '000122', alliances: [] }),
  facility('far', { name: '远方医院', level: 3, area: '990100', alliances: ['示例医联体'] }),
]);

/** The city hospital holds a provincial mark for every item, from 2026-01-01 until before 2027-01-01. */
export function cityMarks(catalogue: Catalogue): readonly QualityMark[] {
  return [...catalogue.items.keys()].map((item) => ({
    facility: 'city' as FacilityId,
    item,
    reach: 'province',
    within: ['00'],
    label: '示例省HR',
    batch: '2026-1',
    validFrom: '2026-01-01',
    validTo: '2027-01-01',
  }));
}

export function instant(text: string, end = false): Instant {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const local = day ? `${text}T${end ? '23:59:59.999' : '00:00:00.000'}` : text.replace(' ', 'T');
  const ms = Date.parse(`${local}+08:00`);
  return (Number.isNaN(ms) ? text : new Date(ms).toISOString()) as Instant;
}

/** `4.1 mmol/L`, `<5 ng/mL`, `text 阴性`, `none`. */
export function readValue(text: string): EntryValue {
  if (text === 'none') return { kind: 'none' };
  if (text.startsWith('text ')) return { kind: 'text', text: text.slice(5) };
  const [, comparator, number = '', unit = ''] = /^(<=|>=|<|>)?(\S+)\s*(.*)$/.exec(text) ?? [];
  const value = asDecimal(number);
  if (value === undefined) throw new Error('a value that is no number');
  const ucum = toUcum(unit)?.code;
  return {
    kind: 'quantity',
    ...(comparator === undefined ? {} : { comparator: comparator as '<' }),
    value,
    ...(unit === '' ? {} : { unit }),
    ...(ucum === undefined ? {} : { ucum }),
  };
}

let made = 0;

/** A final result of the asked person, collected at the city hospital at 07:00 that day, fit for the item. */
export function entryOf(catalogue: Catalogue, id: string, over: Partial<ResultEntry> = {}): ResultEntry {
  const item = catalogue.items.get(id);
  const unit = item?.ucum ?? '';
  const specimen = item?.specimen.split('/')[0] ?? 'serum';
  const facility = over.facility ?? ('city' as FacilityId);
  made++;
  return {
    bucket: 7 as Bucket,
    patient: `patient-${facility}`,
    item: id,
    facility,
    system: 'local',
    code: id,
    display: item?.nameZh ?? id,
    effectiveStart: instant('2026-03-10 07:00'),
    effectiveEnd: over.effectiveStart ?? instant('2026-03-10 07:00'),
    basis: 'collected',
    status: 'final',
    value: unit === '' ? { kind: 'text', text: '阴性' } : readValue(`1 ${unit}`),
    interpretation: ['N'],
    specimen,
    qualityFlags: [],
    production: true,
    container: `report-${facility}`,
    element: `report-${facility}.${id}-${made}`,
    version: 1,
    knownFrom: instant('2026-03-10 08:00'),
    knownTo: null,
    ...over,
  };
}

export function questionOf(
  catalogue: Catalogue,
  entries: readonly ResultEntry[],
  targets: readonly (string | undefined)[],
  over: Partial<DecideInput> = {},
): DecideInput {
  const asker = FACILITIES.get('county' as FacilityId) as Facility;
  return {
    orders: targets.map((target, index) => ({
      order: { key: `order-${index + 1}`, system: 'local', code: target ?? 'X' },
      target,
    })),
    candidates: {
      patients: [...FACILITIES.keys()].map((id) => ({
        bucket: 7 as Bucket,
        patient: `patient-${id}`,
        facility: id,
        certainty: 'certain',
      })),
      entries,
    },
    legal: { encounter: 'known', optedOut: false },
    circumstances: { birthDate: '1970-03-05', sex: 'male', situations: [] },
    asker,
    facilities: FACILITIES,
    at: instant('2026-03-10 10:00'),
    regionZone: 'Asia/Shanghai',
    catalogue,
    ...over,
  };
}
