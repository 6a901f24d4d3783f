/** What a card and a note for the chart call things by. */
import type { Catalogue } from '../terms/catalogue.ts';
import type { EntryValue } from '../terms/result-entry.ts';

/** The Chinese name of an item or a panel; the id of what the catalogue does not have. */
export function targetName({ panels, items }: Pick<Catalogue, 'panels' | 'items'>, target: string): string {
  return panels.get(target)?.nameZh ?? items.get(target)?.nameZh ?? target;
}

/** As written, without its unit; '' when there is none. */
export function valueText(value: EntryValue): string {
  switch (value.kind) {
    case 'quantity':
      return `${value.comparator ?? ''}${value.value}`;
    case 'text':
      return value.text;
    case 'none':
      return '';
  }
}
