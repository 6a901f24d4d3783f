/** A catalogue as canonical JSON text and back, and its digest: what a store keeps, and the version that offers name. */
import { utf8 } from '../base/bytes.ts';
import { digestOf } from '../base/digest.ts';
import type { Parsed } from '../base/problem.ts';
import type { Catalogue } from '../terms/catalogue.ts';
import { fatal } from './catalogue-tables.ts';

type Content = Omit<Catalogue, 'digest'>;

/** Tables that a catalogue may do without: its text, and so its digest, does not speak of what is empty. */
const OPTIONAL = ['containment', 'windows', 'acceptance', 'situations'] as const;

/** SHA-256 of the canonical text without the digest itself. Takes content whose rows are in canonical order. */
export function digestCatalogue(content: Content): string {
  return digestOf(utf8(JSON.stringify(plain(content))));
}

/** The canonical text: one catalogue, one text. */
export function printCatalogue(catalogue: Catalogue): string {
  return JSON.stringify({ digest: catalogue.digest, ...plain(catalogue) });
}

/** Reads `printCatalogue`'s text; fatal when it is damaged or its content is not what its digest says. */
export function readCatalogue(text: string): Parsed<Catalogue> {
  try {
    const stored = JSON.parse(text) as Plain & { digest: string };
    const content: Content = {
      sample: stored.sample,
      items: new Map(stored.items.map((item) => [item.id, item])),
      panels: new Map(stored.panels.map((panel) => [panel.id, panel])),
      priceItems: new Map(stored.priceItems.map((priceItem) => [priceItem.id, priceItem])),
      prices: stored.prices,
      marks: stored.marks,
      containment: stored.containment ?? [],
      windows: stored.windows ?? [],
      acceptance: stored.acceptance ?? [],
      situations: stored.situations ?? [],
      refusalReasons: stored.refusalReasons,
      consequences: stored.consequences,
    };
    if (digestCatalogue(content) === stored.digest) {
      return { value: { digest: stored.digest, ...content }, problems: [] };
    }
  } catch {
    // Falls through: the text is no catalogue, and says nothing that may be repeated.
  }
  return { value: undefined, problems: [fatal('unreadable-catalogue', '')] };
}

type Whole = ReturnType<typeof whole>;
type Plain = Omit<Whole, (typeof OPTIONAL)[number]> & Partial<Whole>;

function plain(content: Content): Plain {
  const filled = Object.entries(whole(content)).filter(
    ([table, rows]) => !OPTIONAL.some((name) => name === table) || (rows as readonly unknown[]).length > 0,
  );
  return Object.fromEntries(filled) as Plain;
}

function whole(content: Content) {
  return {
    sample: content.sample,
    items: [...content.items.values()].map((item) => inOrder(item, ITEM)),
    panels: [...content.panels.values()].map((panel) => inOrder(panel, PANEL)),
    priceItems: [...content.priceItems.values()].map((priceItem) => inOrder(priceItem, PRICE_ITEM)),
    prices: content.prices.map((price) => inOrder(price, PRICE)),
    marks: content.marks.map((mark) => inOrder(mark, MARK)),
    containment: content.containment.map((row) => inOrder(row, CONTAINMENT)),
    windows: content.windows.map((row) => inOrder(row, WINDOW)),
    acceptance: content.acceptance.map((row) => inOrder(row, ACCEPTANCE)),
    situations: content.situations.map((row) => inOrder(row, SITUATION)),
    refusalReasons: content.refusalReasons.map((reason) => inOrder(reason, REASON)),
    consequences: content.consequences.map((row) => inOrder(row, CONSEQUENCE)),
  };
}

/** The fields in a fixed order, whatever order they came to be in. */
function inOrder<T extends object>(row: T, fields: readonly (keyof T & string)[]): T {
  return Object.fromEntries(
    fields.filter((field) => row[field] !== undefined).map((field) => [field, row[field]]),
  ) as T;
}

const ITEM = [
  'id',
  'category',
  'nameZh',
  'nameEn',
  'loinc',
  'specimen',
  'ucum',
  'windowHours',
  'suggest',
  'checks',
  'method',
  'notMethod',
  'blockedBy',
  'tolerates',
  'showPrevious',
  'bodySite',
  'changePercent',
] as const;
const PANEL = ['id', 'nameZh', 'nameEn', 'loinc', 'required', 'derived'] as const;
const PRICE_ITEM = ['id', 'nameZh', 'nationalCode', 'covers'] as const;
const PRICE = ['priceItem', 'facility', 'level', 'area', 'fen', 'validFrom', 'validTo', 'source'] as const;
const MARK = ['facility', 'item', 'reach', 'within', 'label', 'batch', 'validFrom', 'validTo'] as const;
const CONTAINMENT = ['outer', 'inner'] as const;
const WINDOW = ['item', 'level', 'area', 'hours', 'validFrom', 'validTo', 'source'] as const;
const ACCEPTANCE = ['asker', 'giver', 'accepts', 'validFrom', 'validTo', 'source'] as const;
const SITUATION = ['item', 'situation', 'years', 'source'] as const;
const REASON = ['code', 'zh', 'en', 'countsAsRefusal', 'second'] as const;
const CONSEQUENCE = ['check', 'item', 'failed', 'unknown'] as const;
