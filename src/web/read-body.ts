/** Request bodies: read up to a limit, parsed strictly, checked by a zod schema. No value is echoed. */
import type { z } from 'zod';
import { readResource } from '../base/json.ts';
import { LIMITS } from '../base/limits.ts';
import { concatBytes } from '../base/bytes.ts';
import { done, type Outcome, refuse } from '../base/outcome.ts';
import { webRefusal } from './problems.ts';

/** Stops reading at the limit, so that a lying Content-Length costs nothing. */
export async function readBytes(request: Request, bytesMax: number): Promise<Outcome<Uint8Array>> {
  if (Number(request.headers.get('content-length') ?? 0) > bytesMax) return tooLarge();
  if (request.body === null) return done(new Uint8Array());
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (;;) {
    const part = await reader.read().catch(() => undefined);
    // The sender went away: nobody reads the answer, and it is no fault of ours.
    if (part === undefined) return refuse(webRefusal('incorrect', 'web/body-cut-off', 'body'));
    const { done: ended, value } = part;
    if (ended) return done(chunks.length === 1 ? (chunks[0] as Uint8Array) : concatBytes(...chunks));
    size += value.length;
    if (size > bytesMax) {
      await reader.cancel();
      return tooLarge();
    }
    chunks.push(value);
  }
}

function tooLarge(): Outcome<never> {
  return refuse({ ...webRefusal('incorrect', 'web/body-too-large', 'body') });
}

/** JSON with depth cap, without duplicate keys and NUL, then `schema`; the refusal names the first wrong element. */
export async function readJson<T>(
  request: Request,
  schema: z.ZodType<T>,
  bytesMax: number = LIMITS.requestBytesMax,
): Promise<Outcome<T>> {
  const bytes = await readBytes(request, bytesMax);
  if (!bytes.ok) return bytes;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.value);
  } catch {
    return refuse(webRefusal('incorrect', 'web/not-json', 'body'));
  }
  const read = readResource(text);
  if (read.value === undefined) return refuse(webRefusal('incorrect', 'web/not-json', read.problems[0]?.at ?? 'body'));
  // No database text holds NUL, and no honest sender means it: refused here, for every element of every route.
  if (text.includes(String.raw`\u0000`) && holdsNul(read.value))
    return refuse(webRefusal('incorrect', 'web/not-json', 'body'));
  const checked = schema.safeParse(read.value);
  if (checked.success) return done(checked.data);
  const path = checked.error.issues[0]?.path ?? [];
  return refuse(webRefusal('incorrect', 'web/wrong-shape', knownPath(path)));
}

/** Depth is bounded by the reader's limit. */
function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\u0000');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, held]) => key.includes('\u0000') || holdsNul(held));
}

/** Element names are the schema's own; what is not a plain name is a key of the sender's and is left out. */
function knownPath(path: readonly PropertyKey[]): string {
  return (
    path
      .map((part) =>
        typeof part === 'number' ? `[${part}]` : /^[A-Za-z]{1,40}$/.test(String(part)) ? `.${String(part)}` : '.*',
      )
      .join('')
      .replace(/^\./, '') || 'body'
  );
}
