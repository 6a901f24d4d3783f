/** The compiler's panels and charges: items ordered together, and what one charge pays for (SETTLED 13). */
import type { CatalogueItem, Panel, PriceItem } from '../terms/catalogue.ts';
import { sorted } from './catalogue-tables.ts';
import type { Row } from './catalogue-tables.ts';
import type { WithRows } from './compile-items.ts';

interface Members {
  readonly required: string[];
  readonly derived: string[];
  /** Where the panel is first named. */
  readonly row: Row;
}

export function compilePanels(
  members: readonly Row[],
  names: readonly Row[],
  items: ReadonlyMap<string, CatalogueItem>,
): WithRows<Panel> {
  const membersOf = readMembers(members, items);
  const byId = new Map<string, Panel>();
  const rows = names.map((row) => {
    const id = row.id('panel');
    const found = membersOf.get(id);
    if (byId.has(id)) row.wrong('panel', 'duplicate-key');
    if (found === undefined) row.wrong('panel', 'unknown-panel');
    else if (found.required.length === 0) row.wrong('panel', 'panel-without-items');
    const loinc = row.loinc('loinc');
    byId.set(id, {
      id,
      nameZh: row.required('name_zh'),
      nameEn: row.required('name_en'),
      loinc,
      required: sorted(found?.required ?? []),
      derived: sorted(found?.derived ?? []),
    });
    return { row, loinc };
  });
  for (const [id, { row }] of membersOf) if (!byId.has(id)) row.wrong('panel', 'panel-without-name');
  return { byId, rows };
}

function readMembers(rows: readonly Row[], items: ReadonlyMap<string, CatalogueItem>): ReadonlyMap<string, Members> {
  const byId = new Map<string, Members>();
  const seen = new Set<string>();
  for (const row of rows) {
    const id = row.id('panel');
    const item = row.required('item');
    const key = `${id} ${item}`;
    if (items.has(id)) row.wrong('panel', 'panel-is-item');
    if (item !== '' && !items.has(item)) row.wrong('item', 'unknown-item');
    if (seen.has(key)) row.wrong('item', 'duplicate-key');
    seen.add(key);
    const members = byId.get(id) ?? { required: [], derived: [], row };
    members[row.word('role', ['required', 'derived'])].push(item);
    byId.set(id, members);
  }
  return byId;
}

export function compilePriceItems(
  rows: readonly Row[],
  items: ReadonlyMap<string, CatalogueItem>,
  panels: ReadonlyMap<string, Panel>,
): ReadonlyMap<string, PriceItem> {
  const byId = new Map<string, PriceItem>();
  for (const row of rows) {
    const id = row.id('price_item');
    const covers = row.list('covers');
    if (byId.has(id)) row.wrong('price_item', 'duplicate-key');
    if (covers.length === 0) row.wrong('covers', 'empty-field');
    if (covers.some((target) => !items.has(target) && !panels.has(target))) row.wrong('covers', 'unknown-target');
    byId.set(id, { id, nameZh: row.required('name_zh'), nationalCode: row.optional('national_code'), covers });
  }
  return byId;
}
