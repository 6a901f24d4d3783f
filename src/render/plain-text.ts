/**
 * Text of a file made harmless before it stands on a page: one line, no control characters, none that turn the
 * direction of writing or hide, and an end. What is left is escaped by the printer.
 */

/** Characters kept of one text; a page has no room for more. */
const LENGTH_MAX = 400;

/** C0 and C1 controls, and the separators that are line breaks. */
const BREAKS = /[\u0000-\u001F\u007F-\u009F\u2028\u2029\s]+/gu;

/**
 * Marks of direction, joiners and other invisible ones, unpaired surrogates, and what XML takes for no character. Private
 * characters stay: rare names are written with them, and U+FFFD says that something could not be read.
 */
const HIDDEN = /[\p{Cf}\p{Cs}\uFFFC\uFFFE\uFFFF]/gu;

/** `undefined` for a text that shows nothing. */
export function plainText(text: string | undefined, lengthMax = LENGTH_MAX): string | undefined {
  if (text === undefined) return undefined;
  // Cut first: a text of a megabyte costs no more than a name.
  const bare = text
    .slice(0, 4 * LENGTH_MAX)
    .replace(BREAKS, ' ')
    .replace(HIDDEN, '')
    .trim();
  if (bare === '') return undefined;
  const characters = Array.from(bare);
  return characters.length <= lengthMax
    ? bare
    : `${characters
        .slice(0, lengthMax - 1)
        .join('')
        .trimEnd()}…`;
}
