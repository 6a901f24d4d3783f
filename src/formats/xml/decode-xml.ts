/**
 * Bytes of an XML document to text (XML 1.0, 4.3.3 and appendix F): byte order mark, else the shape of `<?xml` in UTF-16,
 * else the declared encoding, else UTF-8; and GB18030 where bytes labelled UTF-8 are only valid as that, which is what
 * devices write that copy a template.
 */
const DECLARATION = /^<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z][A-Za-z0-9._-]{0,40})["']/;

export interface XmlText {
  readonly text: string;
  readonly encoding: string;
  /** The label lied, or bytes were not valid and became U+FFFD. */
  readonly doubtful: boolean;
}

export function decodeXml(bytes: Uint8Array): XmlText {
  const shape = utf16Of(bytes);
  if (shape !== undefined) return { text: decode(bytes, shape, false) ?? '', encoding: shape, doubtful: false };
  const declared = declaredOf(bytes);
  // A document in UTF-16 has shown itself above: the label was copied with the template.
  const label = declared === undefined || /^utf-?16/i.test(declared) || !isKnown(declared) ? 'utf-8' : declared;
  const text = decode(bytes, label, true);
  if (text !== undefined) return { text, encoding: label.toLowerCase(), doubtful: label !== (declared ?? 'utf-8') };
  for (const guess of ['utf-8', 'gb18030']) {
    const guessed = decode(bytes, guess, true);
    if (guessed !== undefined) return { text: guessed, encoding: guess, doubtful: true };
  }
  return { text: decode(bytes, label, false) ?? '', encoding: label.toLowerCase(), doubtful: true };
}

function utf16Of(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const [a, b, c, d] = bytes;
  if ((a === 0xff && b === 0xfe) || (a === 0x3c && b === 0 && c !== 0 && d === 0)) return 'utf-16le';
  if ((a === 0xfe && b === 0xff) || (a === 0 && b === 0x3c && c === 0 && d !== 0)) return 'utf-16be';
  return undefined;
}

function declaredOf(bytes: Uint8Array): string | undefined {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  let head = '';
  for (let k = start; k < Math.min(bytes.length, start + 256); k++) head += String.fromCharCode(bytes[k] as number);
  return DECLARATION.exec(head.trimStart())?.[1];
}

function isKnown(label: string): boolean {
  try {
    return new TextDecoder(label).encoding !== '';
  } catch {
    return false;
  }
}

function decode(bytes: Uint8Array, label: string, fatal: boolean): string | undefined {
  try {
    return new TextDecoder(label, { fatal }).decode(bytes);
  } catch {
    return undefined;
  }
}
