/** One message's bytes to a parsed message: decode, parse, and tell what its escapes hide. */
import type { Parsed } from '../../base/problem.ts';
import type { Hl7Message } from '../../terms/parsed/hl7v2.ts';
import type { Charset } from './charset.ts';
import { type DecodeOptions, decode } from './decode.ts';
import { escapeProblems } from './escape.ts';
import { parse } from './parse.ts';

export interface ReadMessage {
  readonly message: Hl7Message;
  readonly charset: Charset;
  readonly text: string;
}

/**
 * Reads one message as `splitMessages` cuts it or as an MLLP frame carries it. Fatal when there is
 * nothing to map: `empty`, `not-hl7`, `no-header`, `header-truncated` (the MSH has no MSH-9),
 * `segments-limit`, each with its own code. Never throws.
 */
export function readMessage(bytes: Uint8Array, options: DecodeOptions = {}): Parsed<ReadMessage> {
  const decoded = decode(bytes, options);
  if (decoded.value === undefined) return { value: undefined, problems: decoded.problems };
  const { text, charset } = decoded.value;
  const parsed = parse(text, { charset });
  const problems = [...decoded.problems, ...parsed.problems];
  const message = parsed.value;
  if (message === undefined) return { value: undefined, problems };
  if (message.msh.fieldCount < 9) {
    return {
      value: undefined,
      problems: [...problems, { code: 'hl7v2/header-truncated', severity: 'fatal', at: 'MSH' }],
    };
  }
  if (message.grammar.escaped) problems.push(...escapeProblems(message, message.grammar));
  return { value: { message, charset, text }, problems };
}
