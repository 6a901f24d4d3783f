/** What the descriptions of all `/admin` operations have in common. */
import { z } from 'zod';
import { type Described, json } from '../openapi/describe.ts';
import type { Tag, Words } from '../openapi/tags.ts';

export function task(
  id: string,
  tag: Tag,
  says: Words,
  more: Omit<Described, 'id' | 'tag' | 'says' | 'who'>,
): Described {
  return { id, tag, says, who: 'administrator', ...more };
}

export function list(id: string, tag: Tag, says: Words, line: z.ZodType, more: Partial<Described> = {}): Described {
  return task(id, tag, says, { answers: { 200: { says: 'The list.', content: json(z.array(line)) } }, ...more });
}
