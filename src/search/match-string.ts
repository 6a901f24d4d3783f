/** Strings: begins with, contains or is exactly (R4 search.html 3.1.1.4.8); case and accents count for `:exact` alone. */
export function matchesString(stated: readonly unknown[], wanted: string, modifier: string): boolean {
  const texts = stated.filter((value) => typeof value === 'string');
  if (modifier === 'exact') return texts.includes(wanted);
  const folded = fold(wanted);
  return texts.some((text) => (modifier === 'contains' ? fold(text).includes(folded) : fold(text).startsWith(folded)));
}

function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
}
