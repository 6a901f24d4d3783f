/**
 * Acknowledgements (v2.5 2.9.2 original mode, 2.9.3 enhanced mode, 2.15.5 ERR, 2.15.8 MSA), made of the
 * sender's own header bytes: MSH-10 comes back byte for byte, in its version and character set.
 */
import { concatBytes, utf8 } from '../../base/bytes.ts';
import type { Problem } from '../../base/problem.ts';
import type { Hl7Message } from '../../terms/parsed/hl7v2.ts';
import type { Instant } from '../../terms/instant.ts';
import { errorSegments } from './ack-errors.ts';
import { decodeLossily } from './charset.ts';
import { encode } from './encode.ts';
import { decode } from './decode.ts';
import { asciiText, findHeader, headerFields, utf16Of } from './header.ts';

export type AckCode = 'AA' | 'AE' | 'AR' | 'CA' | 'CE' | 'CR';

/** MSH-15 and MSH-16 (table 0155): always, never, on error or reject, on success. */
export type AckCondition = 'AL' | 'NE' | 'ER' | 'SU';

export interface AcknowledgementWanted {
  readonly mode: 'original' | 'enhanced';
  readonly accept: AckCondition;
  readonly application: AckCondition;
}

/** Original mode when MSH-15 and MSH-16 are both empty; in enhanced mode an empty one means never. */
export function acknowledgementWanted(message: Hl7Message): AcknowledgementWanted {
  const accept = message.msh.get(15);
  const application = message.msh.get(16);
  if (accept === undefined && application === undefined) {
    return { mode: 'original', accept: 'NE', application: 'AL' };
  }
  return { mode: 'enhanced', accept: conditionOf(accept), application: conditionOf(application) };
}

function conditionOf(stated: string | undefined): AckCondition {
  const condition = stated?.trim().toUpperCase();
  if (condition === 'AL' || condition === 'ER' || condition === 'SU') return condition;
  // What table 0155 does not know is answered rather than left in silence.
  return condition === undefined || condition === 'NE' || condition === '""' ? 'NE' : 'AL';
}

/** Whether this answer is one that the sender asked for. */
export function isWanted(condition: AckCondition, code: AckCode): boolean {
  const isSuccess = code === 'AA' || code === 'CA';
  return condition === 'AL' || (condition === 'SU' ? isSuccess : condition === 'ER' && !isSuccess);
}

export interface Acknowledgement {
  /** The message that is answered, whole or its first bytes: only the MSH is read. */
  readonly bytes: Uint8Array;
  readonly code: AckCode;
  readonly problems: readonly Problem[];
  /** MSH-10 of the answer itself. */
  readonly controlId: string;
  readonly at: Instant;
  /** The fixed sentence of a problem code, for ERR-8; without it the code stands alone. */
  readonly sentence?: (code: string) => string | undefined;
}

/** The answer's bytes, its last segment ended by CR. Holds no value of the message but header fields. */
export function acknowledge(answer: Acknowledgement): Uint8Array {
  const wide = utf16Of(answer.bytes);
  if (wide !== undefined) {
    const narrow = { ...answer, bytes: utf8(decodeLossily(answer.bytes, wide)) };
    return encode(`\uFEFF${decodeLossily(acknowledge(narrow), 'utf-8')}`, wide).value as Uint8Array;
  }
  const sender = readSender(answer.bytes);
  const { separator, component } = sender;
  const trigger = sender.trigger === '' ? 'ACK' : `ACK${component}${sender.trigger}`;
  const type = sender.version >= 231 && sender.trigger !== '' ? `${trigger}${component}ACK` : trigger;
  const header = [
    'MSH',
    sender.encoding,
    sender.field(5),
    sender.field(6),
    sender.field(3),
    sender.field(4),
    timestampOf(answer.at),
    '',
    sender.version >= 230 ? type : 'ACK',
    answer.controlId,
    sender.field(11, 'P'),
    sender.field(12, '2.5.1'),
    '',
    '',
    '',
    '',
    sender.field(17),
    sender.field(18),
  ];
  const messageAcknowledgement = ['MSA', answer.code, sender.field(10)];
  const errors = errorSegments(answer.problems, sender, answer.sentence ?? (() => undefined));
  return concatBytes(
    ...[header, messageAcknowledgement].map((segment) => segmentBytes(segment, separator)),
    ...errors.map((segment) => encode(`${segment}\r`, 'us-ascii').value as Uint8Array),
  );
}

interface Sender {
  readonly separator: string;
  readonly encoding: Uint8Array;
  readonly component: string;
  readonly repetition: string;
  readonly escape: string;
  readonly subcomponent: string;
  /** 231 for 2.3.1, so that versions compare; 251 when it cannot be read. */
  readonly version: number;
  /** MSH-9.2 when it is a plain event code, else ''. */
  readonly trigger: string;
  /** Raw bytes of a header field; the text when it is absent or empty. */
  field(n: number, otherwise?: string): Uint8Array;
}

function readSender(bytes: Uint8Array): Sender {
  const span = findHeader(bytes);
  const charset =
    span === undefined ? 'us-ascii' : (decode(bytes.subarray(span.start, span.end)).value?.charset ?? 'us-ascii');
  const fields = span === undefined ? [] : headerFields(bytes, span, charset);
  const isReadable = fields[1] !== undefined && (fields[2]?.length ?? 0) > 0;
  const encoding = isReadable ? (fields[2] as Uint8Array) : utf8('^~\\&');
  const separator = isReadable ? asciiText(fields[1] as Uint8Array) : '|';
  const delimiters = asciiText(encoding);
  const component = delimiters.charAt(0);
  const event = asciiText(fields[9] ?? NO_BYTES).split(component)[1] ?? '';
  return {
    separator,
    encoding,
    component,
    repetition: delimiters.charAt(1) || '~',
    escape: delimiters.charAt(2),
    subcomponent: delimiters.charAt(3) || '&',
    version: versionOf(asciiText(fields[12] ?? NO_BYTES)),
    trigger: /^[A-Z][A-Z0-9]{2}$/.test(event) ? event : '',
    field: (n, otherwise = '') => {
      const field = isReadable ? fields[n] : undefined;
      return field === undefined || field.length === 0 ? utf8(otherwise) : field;
    },
  };
}

const NO_BYTES = new Uint8Array(0);
const VERSION_UNKNOWN = 251;

function versionOf(stated: string): number {
  const parts = /^2(?:\.(\d))?(?:\.(\d))?/.exec(stated.trim());
  return parts === null ? VERSION_UNKNOWN : 200 + Number(parts[1] ?? 0) * 10 + Number(parts[2] ?? 0);
}

function segmentBytes(fields: readonly (string | Uint8Array)[], separator: string): Uint8Array {
  const parts: Uint8Array[] = [];
  let last = fields.length - 1;
  while (fields[last]?.length === 0) last -= 1;
  for (const [i, field] of fields.slice(0, last + 1).entries()) {
    if (i > 0) parts.push(utf8(separator));
    parts.push(typeof field === 'string' ? utf8(field) : field);
  }
  parts.push(utf8('\r'));
  return concatBytes(...parts);
}

/** TS to the second, in UTC. */
function timestampOf(at: Instant): string {
  return `${at.slice(0, 19).replace(/[-:T]/g, '')}+0000`;
}
