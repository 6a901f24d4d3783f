/** NTE-3 as markdown: repetitions of one note are its lines. */
import type { Reading } from '../reading.ts';

export function nteToMarkdown(s: Reading, f: number): string | undefined {
  const lines: string[] = [];
  for (let r = 1, n = s.count(f); r <= n; r++) lines.push(s.whole(f, r) ?? '');
  const text = lines.join('\n').trim();
  return text === '' ? undefined : text;
}
