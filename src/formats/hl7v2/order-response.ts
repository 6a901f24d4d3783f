/**
 * The application's answer to an order message (ORL^O22, ORG^O20, ORR^O02; v2.5.1 4.4.7): the acknowledgement's own segments,
 * then per order ORC and OBR as the placer wrote them, what was decided, and the earlier results as OBX. The standard's answer
 * has no place for earlier results, its question has (PRIOR_RESULT, 4.4.6): they stand as there, behind their order's OBR.
 */
import { concatBytes } from '../../base/bytes.ts';
import type { Hl7Message } from '../../terms/parsed/hl7v2.ts';
import type { Charset } from './charset.ts';
import { encode } from './encode.ts';
import { writeMessage, type WrittenSegment } from './write.ts';

export interface OrderAnswer {
  /** ORC-1 of the answer (table 0119): `OK`, `CR` cancelled as requested, `UA` unable to accept. */
  readonly control: 'OK' | 'CR' | 'UA';
  /** ORC-2 and OBR-4 as the sender wrote them. */
  readonly placer: string;
  readonly code: string;
  readonly decided: readonly WrittenSegment[];
}

/** Answers by the event that asks; an order of another structure is answered as OML is. */
const ANSWERS: Readonly<Record<string, readonly [type: string, event: string]>> = {
  ORM: ['ORR', 'O02'],
  OMG: ['ORG', 'O20'],
  OML: ['ORL', 'O22'],
};

export function orderResponse(
  ack: Uint8Array,
  message: Hl7Message,
  of: { readonly charset: Charset; readonly answers: readonly OrderAnswer[] },
): Uint8Array {
  const { field, component } = message.delimiters;
  const [type, event] = ANSWERS[message.msh.get(9, 1) ?? ''] ?? (['ORL', 'O22'] as const);
  const body = of.answers
    .map(({ control, placer, code, decided }, place) =>
      [
        // What the sender wrote goes back as it is, its escapes included.
        ['ORC', control, placer].join(field),
        ['OBR', String(place + 1), placer, '', code].join(field),
        writeMessage(decided, { delimiters: message.delimiters, lineEnd: '\r' }),
      ].join('\r'),
    )
    .join('');
  return concatBytes(
    retyped(ack, { from: 'ACK', to: type, event, component, field }),
    encode(body, of.charset).value ?? new Uint8Array(0),
  );
}

/** MSH-9 of the acknowledgement, which is ASCII, as the answer's own type. */
function retyped(
  ack: Uint8Array,
  of: {
    readonly from: string;
    readonly to: string;
    readonly event: string;
    readonly component: string;
    readonly field: string;
  },
): Uint8Array {
  const latin = Array.from(ack, (byte) => String.fromCharCode(byte)).join('');
  const end = latin.indexOf('\r');
  const fields = latin.slice(0, end).split(of.field);
  const structure = fields[8]?.split(of.component).length === 3 ? `${of.component}${of.to}_${of.event}` : '';
  fields[8] = `${of.to}${of.component}${of.event}${structure}`;
  return Uint8Array.from(fields.join(of.field) + latin.slice(end), (character) => character.charCodeAt(0));
}
