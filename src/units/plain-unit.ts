/** One spelling for units that differ in writing only; what the spellings of `mappings/units.csv` are compared by. */

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Blanks gone; full-width, `µ μ`, `× ·` and superscripts in plain letters; `×10^9` as UCUM's `10*9`. */
export function plainUnit(text: string): string {
  const plain = /^[\x21-\x7e]*$/.test(text) ? text : plainCharacters(text);
  // `×10^9/L`, `*10^9/L`: the leading sign says nothing. `x109/L` has lost its superscript.
  return plain
    .replace(/^[xX*]10(?=(?:3|6|9|12)\/)/, '10*')
    .replace(/^[xX*](?=10)/, '')
    .replace(/^10(?:\*\*|\^|E\+?|e\+?)(?=\d)/, '10*');
}

function plainCharacters(text: string): string {
  return text
    .replace(/10([⁰¹²³⁴-⁹]+)/g, (_, run: string) => `10^${digitsOf(run)}`)
    .replace(/⁻?[⁰¹²³⁴-⁹]+/g, digitsOf)
    .normalize('NFKC')
    .replace(/\s+/g, '')
    .replaceAll('μ', 'u')
    .replace(/[×✕✖]/g, 'x')
    .replace(/[·•⋅]/g, '.');
}

function digitsOf(run: string): string {
  return Array.from(run, (c) => (c === '⁻' ? '-' : String(SUPERSCRIPTS.indexOf(c)))).join('');
}
