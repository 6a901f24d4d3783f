/** Specimens and their quality as hospitals write them → the catalogue's words, by `mappings/specimens.csv`. */
import { QUALITY_MARKS, SPECIMEN_KINDS } from './generated/specimens.ts';

const TEXT_LENGTH_MAX = 120;
/** Longer notes are documents; a mark is not looked for in them beyond this. */
const NOTE_LENGTH_MAX = 2_000;

const kinds = new Map<string, string>(SPECIMEN_KINDS);
const marks = new Map<string, string>(QUALITY_MARKS);

/** `serum`, `blood`, `urine`, …; undefined for what the table does not have. Takes codes, names and texts. */
export function specimenKindOf(text: string): string | undefined {
  return text.length > TEXT_LENGTH_MAX ? undefined : kinds.get(folded(text));
}

/** `haemolysed`, `lipaemic`, …, when the whole text is such a mark. */
export function qualityMarkOf(text: string): string | undefined {
  return text.length > TEXT_LENGTH_MAX ? undefined : marks.get(folded(text));
}

/** Marks that a note states: not those that it denies (`无溶血`, `no haemolysis`, `溶血: 无`). */
export function qualityMarksIn(note: string): readonly string[] {
  const plain = folded(note.slice(0, NOTE_LENGTH_MAX));
  if (!ANY_NOTE_WORD.test(plain)) return NONE;
  const found = new Set<string>();
  for (const clause of plain.split(/[。；;\n\r]/)) {
    if (!ANY_NOTE_WORD.test(clause)) continue;
    for (const [word, mark] of NOTE_WORDS) {
      if (found.has(mark)) continue;
      const at = clause.indexOf(word);
      if (at >= 0 && standsAlone(clause, at, word) && !isDenied(clause, at, word)) found.add(mark);
    }
  }
  return [...found];
}

/** Codes (`HEM`, `SB`) are no words of a note. */
const NOTE_WORDS = QUALITY_MARKS.filter(([word]) => (/[\x21-\x7e]/.test(word) ? word.length >= 6 : word.length >= 2));

const ANY_NOTE_WORD = new RegExp(NOTE_WORDS.map(([word]) => word.replace(/[^\p{L}\s]/gu, '\\$&')).join('|'));
const NONE: readonly string[] = [];

function standsAlone(clause: string, at: number, word: string): boolean {
  const letter = /[a-z]/;
  return !letter.test(word) || (!letter.test(clause[at - 1] ?? ' ') && !letter.test(clause[at + word.length] ?? ' '));
}

function isDenied(clause: string, at: number, word: string): boolean {
  const before = clause.slice(0, at);
  const after = clause.slice(at + word.length);
  return (
    /(?:无|未|非(?!常)|不(?!排除|除外|能排除)|没有|\b(?:no|not|non|without)\b)[^,，]{0,24}$/.test(before) ||
    /^\s*(?:[:：=]\s*)?(?:无|未见|阴性|\(?-\)?|none|no\b|neg)/.test(after)
  );
}

function folded(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}
