/** A catalogue as the compiler's tables again, so that single files can be put over the active one. */
import type { Catalogue } from '../terms/catalogue.ts';
import { CATALOGUE_FILES } from './catalogue-tables.ts';
import type { CatalogueFile, CatalogueTable } from './catalogue-tables.ts';

type Fields = Readonly<Record<string, string>>;

/** Stands where a column is not kept in a catalogue (`source` of an item, who approved it). */
const KEPT = 'active catalogue';

export function tablesOf(catalogue: Catalogue): Readonly<Record<CatalogueFile, CatalogueTable>> {
  return {
    'approval.csv': table('approval.csv', [
      catalogue.sample ? { sample: 'yes' } : { sample: 'no', approved_by: KEPT, approved_on: '1970-01-01' },
    ]),
    'items.csv': table('items.csv', itemRows(catalogue)),
    'panels.csv': table(
      'panels.csv',
      [...catalogue.panels.values()].flatMap((panel) => [
        ...panel.required.map((item) => ({ panel: panel.id, item, role: 'required' })),
        ...panel.derived.map((item) => ({ panel: panel.id, item, role: 'derived' })),
      ]),
    ),
    'panel-names.csv': table(
      'panel-names.csv',
      [...catalogue.panels.values()].map((panel) => ({
        panel: panel.id,
        name_zh: panel.nameZh,
        name_en: panel.nameEn,
        loinc: panel.loinc,
      })),
    ),
    'price-items.csv': table(
      'price-items.csv',
      [...catalogue.priceItems.values()].map((priceItem) => ({
        price_item: priceItem.id,
        name_zh: priceItem.nameZh,
        national_code: priceItem.nationalCode,
        covers: list(priceItem.covers),
      })),
    ),
    'prices.csv': table('prices.csv', priceRows(catalogue)),
    'marks.csv': table('marks.csv', markRows(catalogue)),
    'containment.csv': table(
      'containment.csv',
      catalogue.containment.map((pair) => ({ ...pair, source: KEPT })),
    ),
    'windows.csv': table('windows.csv', windowRows(catalogue)),
    'acceptance.csv': table('acceptance.csv', acceptanceRows(catalogue)),
    'situations.csv': table(
      'situations.csv',
      catalogue.situations.map((row) => ({ ...row, years: row.years === 0 ? '' : String(row.years) })),
    ),
    'refusal-reasons.csv': table('refusal-reasons.csv', reasonRows(catalogue)),
    'consequences.csv': table(
      'consequences.csv',
      catalogue.consequences.map((row) => ({ ...row })),
    ),
  };
}

function itemRows(catalogue: Catalogue): readonly Fields[] {
  return [...catalogue.items.values()].map((item) => ({
    item: item.id,
    category: item.category,
    name_zh: item.nameZh,
    name_en: item.nameEn,
    loinc: item.loinc,
    specimen: item.specimen,
    ucum: item.ucum,
    window_hours: String(item.windowHours),
    suggest: item.suggest,
    method: list(item.method),
    not_method: list(item.notMethod),
    blocked_by: list(item.blockedBy),
    tolerates: list(item.tolerates),
    show_previous: item.showPrevious === true ? 'yes' : '',
    body_site: item.bodySite ?? '',
    change_percent: String(item.changePercent ?? ''),
    checks: list(item.checks),
    source: KEPT,
  }));
}

function priceRows(catalogue: Catalogue): readonly Fields[] {
  return catalogue.prices.map((price) => ({
    price_item: price.priceItem,
    facility: price.facility ?? '',
    level: String(price.level ?? ''),
    area: price.area ?? '',
    fen: String(price.fen),
    valid_from: price.validFrom,
    valid_to: price.validTo ?? '',
    source: price.source,
  }));
}

function markRows(catalogue: Catalogue): readonly Fields[] {
  return catalogue.marks.map((mark) => ({
    facility: mark.facility,
    item: mark.item,
    reach: mark.reach,
    within: list(mark.within),
    label: mark.label,
    batch: mark.batch,
    valid_from: mark.validFrom,
    valid_to: mark.validTo ?? '',
  }));
}

function windowRows(catalogue: Catalogue): readonly Fields[] {
  return catalogue.windows.map((window) => ({
    item: window.item,
    level: String(window.level ?? ''),
    area: window.area,
    hours: String(window.hours),
    valid_from: window.validFrom,
    valid_to: window.validTo ?? '',
    source: window.source,
  }));
}

function acceptanceRows(catalogue: Catalogue): readonly Fields[] {
  return catalogue.acceptance.map((rule) => ({
    asker: list(rule.asker),
    giver: list(rule.giver),
    accepts: rule.accepts ? 'yes' : 'no',
    valid_from: rule.validFrom,
    valid_to: rule.validTo ?? '',
    source: rule.source,
  }));
}

function reasonRows(catalogue: Catalogue): readonly Fields[] {
  return catalogue.refusalReasons.map(({ code, zh, en, countsAsRefusal, second }) => ({
    code,
    zh,
    en,
    counts_as_refusal: countsAsRefusal ? 'yes' : 'no',
    second_system: second?.system ?? '',
    second_code: second?.code ?? '',
  }));
}

function list(texts: readonly string[] | undefined): string {
  return (texts ?? []).join(';');
}

function table(file: CatalogueFile, rows: readonly Fields[]): CatalogueTable {
  const { columns, optional } = CATALOGUE_FILES[file];
  const names = `${columns} ${optional}`.trim().split(' ');
  return { columns: names, records: rows.map((fields, index) => ({ line: index + 2, fields })) };
}
