/** The strict JSON reader behind `readResource` (RFC 8259); knows by its place whether a number is a decimal. */
import { asDecimal } from './decimal.ts';
import { contextWithin, isDecimalKey, ROOT, type Context } from './json-context.ts';

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const INTEGER = /^-?(?:0|[1-9]\d*)$/;
const LITERALS: readonly (readonly [string, boolean | null])[] = [
  ['true', true],
  ['false', false],
  ['null', null],
];
const ESCAPED: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Recursive descent, as deep as the limit; the first fault ends it. */
export class JsonReader {
  at = 0;
  fault: string | undefined;
  private readonly text: string;
  private readonly depthMax: number;

  constructor(text: string, depthMax: number) {
    this.text = text;
    this.depthMax = depthMax;
  }

  readDocument(): unknown {
    const value = this.readValue(ROOT, false, 0);
    if (this.fault === undefined) {
      this.skipBlanks();
      if (this.at < this.text.length) this.fail('base/json-syntax', this.at);
    }
    return value;
  }

  private fail(code: string, at: number): undefined {
    this.fault ??= code;
    this.at = at;
    return undefined;
  }

  private skipBlanks(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.at);
      if (code !== 32 && code !== 10 && code !== 13 && code !== 9) return;
      this.at++;
    }
  }

  private readValue(context: Context, isDecimal: boolean, depth: number): unknown {
    this.skipBlanks();
    const start = this.at;
    switch (this.text[start]) {
      case '{':
        return depth < this.depthMax ? this.readObject(context, depth + 1) : this.fail('base/json-depth', start);
      case '[':
        return depth < this.depthMax
          ? this.readArray(context, isDecimal, depth + 1)
          : this.fail('base/json-depth', start);
      case '"':
        return isDecimal ? this.fail('base/json-quoted-decimal', start) : this.readString();
      case 't':
      case 'f':
      case 'n':
        return this.readLiteral();
      default:
        return this.readNumber(isDecimal);
    }
  }

  private readObject(context: Context, depth: number): unknown {
    const object: Record<string, unknown> = {};
    this.at++;
    this.skipBlanks();
    if (this.text[this.at] === '}') return this.take(object);
    for (;;) {
      this.skipBlanks();
      const keyAt = this.at;
      if (this.text[keyAt] !== '"') return this.fail('base/json-syntax', keyAt);
      const key = this.readString();
      if (key === undefined) return undefined;
      if (key === '__proto__') return this.fail('base/json-key', keyAt);
      if (Object.hasOwn(object, key)) return this.fail('base/json-duplicate-key', keyAt);
      this.skipBlanks();
      if (this.text[this.at] !== ':') return this.fail('base/json-syntax', this.at);
      this.at++;
      object[key] = this.readValue(contextWithin(key), isDecimalKey(key, context), depth);
      if (this.fault !== undefined) return undefined;
      this.skipBlanks();
      const next = this.text[this.at];
      if (next === '}') return this.take(object);
      if (next !== ',') return this.fail('base/json-syntax', this.at);
      this.at++;
    }
  }

  private readArray(context: Context, isDecimal: boolean, depth: number): unknown {
    const array: unknown[] = [];
    this.at++;
    this.skipBlanks();
    if (this.text[this.at] === ']') return this.take(array);
    for (;;) {
      array.push(this.readValue(context, isDecimal, depth));
      if (this.fault !== undefined) return undefined;
      this.skipBlanks();
      const next = this.text[this.at];
      if (next === ']') return this.take(array);
      if (next !== ',') return this.fail('base/json-syntax', this.at);
      this.at++;
    }
  }

  private take<T>(value: T): T {
    this.at++;
    return value;
  }

  private readLiteral(): unknown {
    for (const [literal, value] of LITERALS) {
      if (!this.text.startsWith(literal, this.at)) continue;
      this.at += literal.length;
      return value;
    }
    return this.fail('base/json-syntax', this.at);
  }

  private readNumber(isDecimal: boolean): unknown {
    const start = this.at;
    NUMBER.lastIndex = start;
    const written = NUMBER.exec(this.text)?.[0];
    if (written === undefined) return this.fail('base/json-syntax', start);
    this.at += written.length;
    if (isDecimal) return asDecimal(written) ?? this.fail('base/json-number', start);
    const number = Number(written);
    const whole = INTEGER.test(written) && written !== '-0' && Number.isSafeInteger(number);
    return whole ? number : this.fail('base/json-number', start);
  }

  private readString(): string | undefined {
    const start = this.at + 1;
    let end = start;
    for (; ; end++) {
      const code = this.text.charCodeAt(end);
      if (code === 34) {
        this.at = end + 1;
        return this.whole(this.text.slice(start, end), start - 1);
      }
      if (code === 92) return this.readEscapedString(start, end);
      // NaN: the text ends inside the string.
      if (!(code >= 32)) return this.fail('base/json-syntax', end);
    }
  }

  private readEscapedString(start: number, firstEscape: number): string | undefined {
    const parts = [this.text.slice(start, firstEscape)];
    let at = firstEscape;
    for (;;) {
      const code = this.text.charCodeAt(at);
      if (code === 34) {
        this.at = at + 1;
        return this.whole(parts.join(''), start - 1);
      }
      if (!(code >= 32)) return this.fail('base/json-syntax', at);
      if (code !== 92) {
        let end = at;
        for (let c = code; c >= 32 && c !== 34 && c !== 92; c = this.text.charCodeAt(end)) end++;
        parts.push(this.text.slice(at, end));
        at = end;
        continue;
      }
      const sign = this.text[at + 1] ?? '';
      if (sign === 'u') {
        const hex = this.text.slice(at + 2, at + 6);
        if (!/^[0-9a-fA-F]{4}$/.test(hex)) return this.fail('base/json-syntax', at);
        parts.push(String.fromCharCode(Number.parseInt(hex, 16)));
        at += 6;
      } else {
        const character = ESCAPED[sign];
        if (character === undefined) return this.fail('base/json-syntax', at);
        parts.push(character);
        at += 2;
      }
    }
  }

  private whole(text: string, at: number): string | undefined {
    return text.isWellFormed() ? text : this.fail('base/json-surrogate', at);
  }
}
