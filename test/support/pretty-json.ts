/** Canonical JSON text over several lines, numbers and strings untouched: for files that people compare. */
export function prettyJson(text: string): string {
  let out = '';
  let depth = 0;
  let inString = false;
  const newLine = (): void => {
    out += `\n${'  '.repeat(depth)}`;
  };
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string;
    if (inString) {
      out += character;
      if (character === '\\') out += text[++i] ?? '';
      else if (character === '"') inString = false;
    } else if (character === '"') {
      inString = true;
      out += character;
    } else if (character === '{' || character === '[') {
      out += character;
      depth++;
      newLine();
    } else if (character === '}' || character === ']') {
      depth--;
      newLine();
      out += character;
    } else if (character === ',') {
      out += character;
      newLine();
    } else out += character === ':' ? ': ' : character;
  }
  return `${out}\n`;
}
