/** The sentences of recognition's problems: what is wrong with a catalogue (file, line, column), and what to do. */
import type { ProblemSentences } from '../base/problem.ts';

export const SENTENCES: ProblemSentences = {
  'recognition/unknown-file': 'a file that the catalogue does not have (its place in the request) — remove it',
  'recognition/missing-file':
    'a file of the catalogue is missing and no catalogue is active yet (file) — give all files',
  'recognition/unknown-column':
    'a column that the catalogue does not have (file, place of the column) — remove or rename it',
  'recognition/missing-column': 'a column is missing (file, its name) — add it to the header line',
  'recognition/empty-field': 'a field that may not be empty (file, line, column) — fill it in',
  'recognition/bad-id':
    'an id with characters other than capital letters, digits and hyphens (file, line, column) — rename it',
  'recognition/bad-number': 'not a whole number within its bounds (file, line, column) — write digits only',
  'recognition/bad-date': 'not a calendar date (file, line, column) — write YYYY-MM-DD',
  'recognition/bad-period': 'a period that ends before or when it begins (file, line, column) — mend one of the dates',
  'recognition/bad-word':
    'not one of the words that this column allows (file, line, column) — see the README of the catalogue',
  'recognition/bad-loinc': 'not a LOINC code: its check digit does not fit (file, line, column) — copy the code again',
  'recognition/duplicate-key': 'the same key stands on an earlier line (file, line, column) — remove one of the two',
  'recognition/duplicate-loinc':
    'the same LOINC code belongs to an earlier item or panel (file, line, column) — leave it with one',
  'recognition/unknown-item': 'no such item in items.csv (file, line, column) — add the item or mend the id',
  'recognition/unknown-panel': 'no such panel in panels.csv (file, line, column) — add the panel or mend the id',
  'recognition/unknown-target': 'neither an item nor a panel (file, line, column) — add it or mend the id',
  'recognition/unknown-check': 'no such check (file, line, column) — see the README of the catalogue for the names',
  'recognition/unknown-price-item': 'no such charge in price-items.csv (file, line, column) — add it or mend the id',
  'recognition/missing-check': 'a check that no item may go without is not listed (file, line, column) — add it',
  'recognition/panel-is-item': 'a panel has the id of an item (file, line, column) — rename the panel',
  'recognition/panel-without-name': 'a panel has no line in panel-names.csv (file, line, column) — add the line',
  'recognition/panel-without-items': 'a panel has no required item in panels.csv (file, line, column) — add its items',
  'recognition/bad-price-scope':
    'a price needs either a facility or a level, and an area only beside a level (file, line, column) — fill in one',
  'recognition/overlapping-price':
    'two prices of one charge hold on the same day (file, line, column) — end the earlier one',
  'recognition/bad-reach':
    'the areas or agreements do not fit the reach of the mark (file, line, column) — see the README of the catalogue',
  'recognition/unknown-unit':
    'not a UCUM code that can be compared (file, line, column) — write the UCUM code, or leave it empty',
  'recognition/unknown-specimen':
    'not a kind of specimen (file, line, column) — take kinds of mappings/specimens.csv, joined by /',
  'recognition/too-lenient': 'this check must lead to do-not here (file, line, column) — write do-not',
  'recognition/missing-consequence': 'no line says what this check leads to (file, the check) — add a line with item *',
  'recognition/no-rows': 'a table without a line (file) — add its lines',
  'recognition/unreadable-catalogue':
    'a stored catalogue that cannot be read or is not what its digest says — import it again',
};
