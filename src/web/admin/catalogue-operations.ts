/** What `/admin/catalogue` does, as OpenAPI says it. */
import { z } from 'zod';
import { json, type Paths } from '../openapi/describe.ts';
import { BODY_REFUSED } from '../openapi/refusals.ts';
import { count, instant, problem } from '../openapi/schemas.ts';
import * as bodies from './bodies.ts';
import { list, task } from './task.ts';

const difference = z
  .object({
    file: z.string(),
    key: z.string().meta({ description: 'The columns that name the line: `K`, `LIPIDS,TC`.' }),
    change: z.enum(['added', 'removed', 'changed']),
    fields: z.array(z.object({ column: z.string(), from: z.string(), to: z.string() })),
  })
  .meta({ id: 'CatalogueDifference' });

export const checkedCatalogue = z
  .object({
    digest: z.string().nullable().meta({ description: 'Of the content, its version; null: the tables were refused.' }),
    items: count,
    problems: z.array(problem),
    differences: z.array(difference).meta({ description: 'Against the catalogue that was active before.' }),
  })
  .meta({ id: 'CatalogueCheck' });

export const importedCatalogue = checkedCatalogue
  .extend({ reindexed: count.meta({ description: 'Stored results that moved to another item.' }) })
  .meta({ id: 'CatalogueImport' });

const version = z
  .object({ digest: z.string(), sample: z.boolean(), importedAt: instant, active: z.boolean() })
  .meta({ id: 'CatalogueVersion' });

const ONE_TABLE = {
  reasons: {
    says: 'One table, of the reasons to test again',
    value: {
      'refusal-reasons.csv': {
        columns: ['code', 'zh', 'en', 'counts_as_refusal'],
        records: [
          {
            line: 2,
            fields: { code: '01', zh: '病情变化', en: 'The condition has changed', counts_as_refusal: 'yes' },
          },
        ],
      },
    },
  },
};
const MORE =
  'Tables by file name, rows with their line numbers; a table that is not given keeps its rows. See `mappings/catalogue/`.';
const DIGEST = 'q3mSfVnL0w4cI7pZbA1xHk8eRjD2yTgU5oNvB6sQ9Wc';

export const cataloguePaths: Paths = {
  '/admin/catalogue': {
    get: list(
      'catalogues',
      'configuration',
      ['目录版本', 'Lists the versions of the catalogue, newest first.'],
      version,
    ),
    post: task(
      'importCatalogue',
      'configuration',
      ['导入目录', 'Compiles tables into a catalogue, keeps it, and makes it the active one.'],
      {
        more: MORE,
        query: z.object({ activate: z.literal('no').optional().meta({ description: 'Keep it only.' }) }),
        body: json(bodies.catalogueBody, ONE_TABLE),
        answers: {
          200: { says: 'It is kept, and active.', content: json(importedCatalogue) },
          422: {
            says: 'It has faults, each told with file, line and column; the active one stays.',
            content: json(importedCatalogue),
          },
        },
        refusals: BODY_REFUSED,
      },
    ),
  },
  '/admin/catalogue/check': {
    post: task(
      'checkCatalogue',
      'configuration',
      ['校验目录', 'Compiles tables, says what is wrong and what would change, and keeps nothing.'],
      {
        more: MORE,
        body: json(bodies.catalogueBody, ONE_TABLE),
        answers: {
          200: { says: 'It can be imported.', content: json(checkedCatalogue) },
          422: { says: 'It has faults, each told with file, line and column.', content: json(checkedCatalogue) },
        },
        refusals: BODY_REFUSED,
      },
    ),
  },
  '/admin/catalogue/activate': {
    post: task('activateCatalogue', 'configuration', ['启用目录版本', 'Makes a version that is kept the active one.'], {
      body: json(bodies.digestBody, { version: { says: 'By the digest of its content', value: { digest: DIGEST } } }),
      answers: {
        200: { says: 'It is active.', content: json(z.object({ digest: z.string(), reindexed: count })) },
      },
      refusals: { ...BODY_REFUSED, 404: ['gateway/unknown-catalogue'] },
    }),
  },
  '/admin/catalogue/diff': {
    get: list(
      'compareCatalogues',
      'configuration',
      ['比较目录版本', 'Tells what one version says otherwise than another, line by line.'],
      difference,
      {
        query: z.object({
          to: z.string().meta({ description: 'A digest.' }),
          from: z.string().optional().meta({ description: 'A digest; left out: the active one.' }),
        }),
        refusals: { 404: ['gateway/unknown-catalogue'] },
      },
    ),
  },
};
