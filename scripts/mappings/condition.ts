/**
 * The closed grammar of conditions (CONVENTIONS 6):
 *
 *   condition = term *( "and" term )
 *   term      = [ "not" ] ( position "valued" | position "=" text | position "in" "(" text *( "," text ) ")" )
 *   position  = OBX-2 | OBX-5.1 | CWE.3        text = "…"
 *
 * Needing more means a datatype function with a table test, not a bigger grammar.
 */
import { fault, type Where } from './fault.ts';
import { type Position, parsePosition } from './position.ts';

export interface Term {
  readonly negated: boolean;
  readonly position: Position;
  /** undefined: `valued`. */
  readonly values: readonly string[] | undefined;
}

const TOKEN = /\s*(?:"([^"]*)"|([(),=])|([A-Za-z0-9.-]+))/y;

type Token = { readonly kind: 'text' | 'sign' | 'word'; readonly text: string };

export function parseCondition(text: string, where: Where): readonly Term[] {
  if (text.trim() === '') return [];
  const tokens = tokenise(text, where);
  let next = 0;
  const take = (what: string, fits: (token: Token) => boolean): Token => {
    const token = tokens[next++];
    if (token === undefined || !fits(token)) fault(where, `condition: ${what} expected at word ${next}`);
    return token;
  };
  const isWord = (word: string) => (token: Token | undefined) => token?.kind === 'word' && token.text === word;
  const isSign = (sign: string) => (token: Token | undefined) => token?.kind === 'sign' && token.text === sign;
  const value = (): string => take('a text in double quotes', (token) => token.kind === 'text').text;

  const term = (): Term => {
    const negated = isWord('not')(tokens[next]);
    if (negated) next++;
    const position = parsePosition(take('a position', (token) => token.kind === 'word').text, where);
    const operator = take('"valued", "=" or "in"', () => true);
    if (isWord('valued')(operator)) return { negated, position, values: undefined };
    if (isSign('=')(operator)) return { negated, position, values: [value()] };
    if (!isWord('in')(operator)) fault(where, `condition: "valued", "=" or "in" expected at word ${next}`);
    take('"("', isSign('('));
    const values = [value()];
    while (isSign(',')(tokens[next])) {
      next++;
      values.push(value());
    }
    take('")"', isSign(')'));
    return { negated, position, values };
  };

  const terms = [term()];
  while (next < tokens.length) {
    take('"and"', isWord('and'));
    terms.push(term());
  }
  return terms;
}

function tokenise(text: string, where: Where): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const match = TOKEN.exec(text);
    if (match === null) fault(where, 'condition: cannot be read — use position, =, in, valued, not, and');
    const [, quoted, sign, word] = match;
    if (quoted !== undefined) tokens.push({ kind: 'text', text: quoted });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else tokens.push({ kind: 'word', text: word as string });
  }
  return tokens;
}
