/** What one catalogue says otherwise than another, line by line, in the words of its tables. */
import type { Catalogue } from '../terms/catalogue.ts';
import { byText, CATALOGUE_FILES } from './catalogue-tables.ts';
import type { CatalogueFile } from './catalogue-tables.ts';
import { tablesOf } from './tables-of.ts';

export interface Difference {
  readonly file: CatalogueFile;
  /** The columns that name the line, as in the file: `K`, `LIPIDS,TC`. */
  readonly key: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** The columns that differ; of a line that came or went, those that hold something. */
  readonly fields: readonly { readonly column: string; readonly from: string; readonly to: string }[];
}

/** The columns that name a line; a line may still not be alone under them (two periods of a price are told by their first day). */
const KEYS: Readonly<Record<CatalogueFile, readonly string[]>> = {
  'approval.csv': [],
  'items.csv': ['item'],
  'panels.csv': ['panel', 'item'],
  'panel-names.csv': ['panel'],
  'price-items.csv': ['price_item'],
  'prices.csv': ['price_item', 'facility', 'level', 'area', 'valid_from'],
  'marks.csv': ['facility', 'item', 'reach', 'within', 'valid_from'],
  'containment.csv': ['outer', 'inner'],
  'windows.csv': ['item', 'level', 'area', 'valid_from'],
  'acceptance.csv': ['asker', 'giver', 'valid_from'],
  'situations.csv': ['item', 'situation'],
  'refusal-reasons.csv': ['code'],
  'consequences.csv': ['check', 'item'],
};

type Fields = Readonly<Record<string, string>>;

/** By file in the order of the catalogue's tables, then by key; empty when both say the same. */
export function diffCatalogues(from: Catalogue, to: Catalogue): readonly Difference[] {
  const [before, after] = [tablesOf(from), tablesOf(to)];
  return (Object.keys(CATALOGUE_FILES) as CatalogueFile[]).flatMap((file) => {
    const [old, now] = [byKey(file, before[file].records), byKey(file, after[file].records)];
    const keys = [...new Set([...old.keys(), ...now.keys()])].toSorted(byText);
    return keys.flatMap((key): Difference[] => {
      const fields = changed(old.get(key) ?? {}, now.get(key) ?? {});
      if (fields.length === 0) return [];
      return [{ file, key, change: !old.has(key) ? 'added' : now.has(key) ? 'changed' : 'removed', fields }];
    });
  });
}

function byKey(file: CatalogueFile, records: readonly { readonly fields: Fields }[]): ReadonlyMap<string, Fields> {
  return new Map(records.map(({ fields }) => [KEYS[file].map((column) => fields[column] ?? '').join(','), fields]));
}

function changed(from: Fields, to: Fields): Difference['fields'] {
  const columns = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return columns.flatMap((column) => {
    const pair = { column, from: from[column] ?? '', to: to[column] ?? '' };
    return pair.from === pair.to ? [] : [pair];
  });
}
