/** Sentences of recognition: what is wrong with a catalogue (file, line, column) — what to do next. */
import type { ProblemSentences } from '../base/problem.ts';

export const SENTENCES: ProblemSentences = {
  'recognition/unknown-file': 'A file that the catalogue does not have (its place in the request) — remove it.',
  'recognition/missing-file':
    'A file of the catalogue is missing and no catalogue is active yet (file) — give all files.',
  'recognition/unknown-column':
    'A column that the catalogue does not have (file, place of the column) — remove or rename it.',
  'recognition/missing-column': 'A column is missing (file, its name) — add it to the header line.',
  'recognition/empty-field': 'A field that may not be empty (file, line, column) — fill it in.',
  'recognition/bad-id':
    'An id with characters other than capital letters, digits and hyphens (file, line, column) — rename it.',
  'recognition/bad-number': 'Not a whole number within its bounds (file, line, column) — write digits only.',
  'recognition/bad-date': 'Not a calendar date (file, line, column) — write YYYY-MM-DD.',
  'recognition/bad-period': 'A period that ends before or when it begins (file, line, column) — mend one of the dates.',
  'recognition/bad-word':
    'Not one of the words that this column allows (file, line, column) — see the README of the catalogue.',
  'recognition/bad-loinc': 'Not a LOINC code: its check digit does not fit (file, line, column) — copy the code again.',
  'recognition/duplicate-key': 'The same key stands on an earlier line (file, line, column) — remove one of the two.',
  'recognition/duplicate-loinc':
    'The same LOINC code belongs to an earlier item or panel (file, line, column) — leave it with one.',
  'recognition/unknown-item': 'No such item in items.csv (file, line, column) — add the item or mend the id.',
  'recognition/unknown-panel': 'No such panel in panels.csv (file, line, column) — add the panel or mend the id.',
  'recognition/unknown-target': 'Neither an item nor a panel (file, line, column) — add it or mend the id.',
  'recognition/unknown-check': 'No such check (file, line, column) — see the README of the catalogue for the names.',
  'recognition/unknown-price-item': 'No such charge in price-items.csv (file, line, column) — add it or mend the id.',
  'recognition/missing-check': 'A check that no item may go without is not listed (file, line, column) — add it.',
  'recognition/panel-is-item': 'A panel has the id of an item (file, line, column) — rename the panel.',
  'recognition/panel-without-name': 'A panel has no line in panel-names.csv (file, line, column) — add the line.',
  'recognition/panel-without-items': 'A panel has no required item in panels.csv (file, line, column) — add its items.',
  'recognition/bad-price-scope':
    'A price needs either a facility or a level, and an area only beside a level (file, line, column) — fill in one.',
  'recognition/overlapping-price':
    'Two prices of one charge hold on the same day (file, line, column) — end the earlier one.',
  'recognition/overlapping-mark':
    'Two marks of one facility, item and reach hold on the same day (file, line, column) — end the earlier batch.',
  'recognition/overlapping-window':
    'Two windows of one item, level and area hold on the same day (file, line, column) — end the earlier one.',
  'recognition/overlapping-acceptance':
    'Two lines about the same askers and givers hold on the same day (file, line, column) — end the earlier one.',
  'recognition/containment-cycle':
    'The exam contains itself, directly or through others (file, line, column) — containment goes one way; remove a line of the circle.',
  'recognition/bad-selector':
    'Not a way to name facilities (file, line, column) — write *, facility:ID, level:2, area:6201 or alliance:NAME; of a giver also level:same, level:higher, level:lower, alliance:same.',
  'recognition/bad-reach':
    'The areas or agreements do not fit the reach of the mark (file, line, column) — see the README of the catalogue.',
  'recognition/unknown-unit':
    'Not a UCUM code that can be compared (file, line, column) — write the UCUM code, or leave it empty.',
  'recognition/unknown-specimen':
    'Not a kind of specimen (file, line, column) — take kinds of mappings/specimens.csv, joined by /.',
  'recognition/unknown-flag':
    'Not a quality flag that a result can carry (file, line, column) — see the README of the catalogue for the words.',
  'recognition/too-lenient': 'This check must lead to do-not here (file, line, column) — write do-not.',
  'recognition/missing-consequence':
    'No line says what this check leads to (file, the check) — add a line with item *.',
  'recognition/no-rows': 'A table without a line (file) — add its lines.',
  'recognition/unreadable-catalogue':
    'A stored catalogue cannot be read or is not what its digest says (database) — import it again.',
};
