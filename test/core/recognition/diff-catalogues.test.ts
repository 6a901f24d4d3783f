/** Two catalogues compared: every line that says something else is told, by file and key, and nothing more. */
import { describe, expect, test } from 'vitest';
import { compileCatalogue } from '../../../src/recognition/compile-catalogue.ts';
import { diffCatalogues } from '../../../src/recognition/diff-catalogues.ts';
import type { Catalogue } from '../../../src/terms/catalogue.ts';
import { readTables, sampleCatalogue } from '../../cases/recognition-world.ts';

const sample = sampleCatalogue();

type Fields = Readonly<Record<string, string>>;

/** The sample with some lines of one table written anew, left out (`undefined`) or added. */
function changed(file: string, change: (fields: Fields) => Fields | undefined, ...more: readonly Fields[]): Catalogue {
  const tables = readTables();
  const table = tables[file];
  if (table === undefined) throw new Error('the sample has this table');
  const records = table.records.flatMap(({ line, fields }) => {
    const now = change(fields);
    return now === undefined ? [] : [{ line, fields: now }];
  });
  const added = more.map((fields, index) => ({ line: 1_000 + index, fields }));
  const { value, problems } = compileCatalogue({ ...tables, [file]: { ...table, records: [...records, ...added] } });
  expect(problems).toEqual([]);
  return value as Catalogue;
}

const same = (fields: Fields): Fields => fields;

test('a catalogue does not differ from itself', () => {
  expect(diffCatalogues(sample, sampleCatalogue())).toEqual([]);
});

describe('one line', () => {
  test('that changed is told by what differs', () => {
    const now = changed('items.csv', (fields) =>
      fields['item'] === 'K' ? { ...fields, window_hours: '48', change_percent: '' } : fields,
    );
    expect(diffCatalogues(sample, now)).toEqual([
      {
        file: 'items.csv',
        key: 'K',
        change: 'changed',
        fields: [
          { column: 'window_hours', from: '72', to: '48' },
          { column: 'change_percent', from: '14', to: '' },
        ],
      },
    ]);
  });

  test('that came, and that went, is told as the other from the other side', () => {
    const window = {
      item: 'K',
      level: '',
      area: '62',
      hours: '24',
      valid_from: '2026-01-01',
      valid_to: '',
      source: 'x',
    };
    const now = changed('windows.csv', same, window);
    const [added] = diffCatalogues(sample, now);
    expect(added).toMatchObject({ file: 'windows.csv', key: 'K,,62,2026-01-01', change: 'added' });
    expect(added?.fields).toContainEqual({ column: 'hours', from: '', to: '24' });
    const [removed] = diffCatalogues(now, sample);
    expect(removed).toMatchObject({ file: 'windows.csv', key: 'K,,62,2026-01-01', change: 'removed' });
    expect(removed?.fields).toContainEqual({ column: 'hours', from: '24', to: '' });
  });

  test('of every table is found', () => {
    const left = (file: string) => {
      let first = true;
      return changed(file, (fields) => {
        const dropped = first;
        first = false;
        return dropped ? undefined : fields;
      });
    };
    for (const file of ['prices.csv', 'containment.csv', 'situations.csv', 'refusal-reasons.csv']) {
      expect([file, diffCatalogues(sample, left(file)).map((one) => [one.file, one.change])]).toEqual([
        file,
        [[file, 'removed']],
      ]);
    }
  });
});
