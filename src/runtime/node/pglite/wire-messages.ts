/** PostgreSQL's wire protocol 3.0 as far as the embedded server needs it: cutting messages, answering errors. */

/** Front-end message types. */
export const TYPE = {
  bind: 0x42,
  copyData: 0x64,
  copyDone: 0x63,
  copyFail: 0x66,
  flush: 0x48,
  functionCall: 0x46,
  parse: 0x50,
  query: 0x51,
  sync: 0x53,
  terminate: 0x58,
} as const;

export const START = { cancel: 80877102, ssl: 80877103, gss: 80877104, protocol3: 196608 } as const;

/** What ReadyForQuery says: idle, in a transaction, in a failed one. */
export const IDLE = 0x49;

/** Thrown for a message longer than the limit or with an impossible length. */
export class BadFrame extends Error {
  override readonly name = 'BadFrame';
}

/** Cuts a stream of bytes into messages; chunks are joined once per message, whatever their number. */
export class FrameReader {
  #chunks: Buffer[] = [];
  #size = 0;
  #wanted = 5;
  #started = false;
  readonly #bytesMax: number;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** After the start-up packet, messages have a type byte. */
  start(): void {
    this.#started = true;
    this.#wanted = 5;
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#size += chunk.length;
  }

  /** The next whole message, undefined while it is not complete. Throws BadFrame. */
  next(): Buffer | undefined {
    if (this.#size < this.#wanted) return undefined;
    const whole = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks, this.#size);
    this.#chunks = [whole];
    const offset = this.#started ? 1 : 0;
    const length = whole.readInt32BE(offset) + offset;
    if (length < 4 + offset || length > this.#bytesMax) throw new BadFrame('a wire message with an impossible length');
    if (whole.length < length) {
      this.#wanted = length;
      return undefined;
    }
    const rest = whole.subarray(length);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#size = rest.length;
    this.#wanted = 5;
    return whole.subarray(0, length);
  }
}

/** The SQL text of a Query or Parse message. */
export function sqlOf(message: Buffer): string {
  if (message[0] === TYPE.query) return message.toString('utf8', 5, message.length - 1);
  const from = message.indexOf(0, 5) + 1;
  return message.toString('utf8', from, message.indexOf(0, from));
}

/** What is no word of a statement: strings, quoted names, dollar quotes, comments. */
const QUOTED =
  /[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\//g;
const COPY = 'COPY is not available in the embedded database: use INSERT, or PostgreSQL';
const LISTEN = 'LISTEN and NOTIFY are not available in the embedded database: poll, or use PostgreSQL';
const REFUSED: Readonly<Record<string, string>> = { copy: COPY, listen: LISTEN, notify: LISTEN, unlisten: LISTEN };
/** No statement of ours is longer before its first word. */
const LOOKED_AT = 100_000;

/**
 * A message that the embedded database would hang or crash on, as one that fails with a clear error
 * inside the session, so that a transaction around it fails as the client expects. Others unchanged.
 */
export function withRefusals(message: Buffer): Buffer {
  if (message[0] !== TYPE.query && message[0] !== TYPE.parse) return message;
  const sentence = refusedStatement(sqlOf(message).slice(0, LOOKED_AT));
  if (sentence === undefined) return message;
  const sql = `do $$ begin raise exception using errcode = '0A000', message = '${sentence}'; end $$`;
  const from = message.indexOf(0, 5) + 1;
  const body =
    message[0] === TYPE.query
      ? Buffer.from(`${sql}\0`)
      : Buffer.concat([message.subarray(5, from), Buffer.from(`${sql}\0`), Buffer.from([0, 0])]);
  const head = Buffer.from([message[0] ?? 0, 0, 0, 0, 0]);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** Looks at the first word of each statement. */
function refusedStatement(sql: string): string | undefined {
  for (const statement of sql.replace(QUOTED, ' ').split(';')) {
    const word = /^\s*([a-z]+)/i.exec(statement)?.[1]?.toLowerCase();
    const refused = word === undefined ? undefined : REFUSED[word];
    if (refused !== undefined) return refused;
  }
  return undefined;
}

/** The statement name of a Parse message, '' for the unnamed one. */
export function statementName(message: Buffer): string {
  return message.toString('utf8', 5, message.indexOf(0, 5));
}

/** Forgets prepared statements; unknown names are no error. Ends with Sync. */
export function closeStatements(names: Iterable<string>): Buffer {
  const parts: Buffer[] = [];
  for (const name of names) {
    const body = Buffer.from(`S${name}\0`);
    const head = Buffer.from([0x43, 0, 0, 0, 0]);
    head.writeInt32BE(body.length + 4, 1);
    parts.push(head, body);
  }
  parts.push(Buffer.from([TYPE.sync, 0, 0, 0, 4]));
  return Buffer.concat(parts);
}

export function errorResponse(code: string, sentence: string, severity: 'ERROR' | 'FATAL' = 'ERROR'): Buffer {
  const fields = Buffer.from(`S${severity}\0V${severity}\0C${code}\0M${sentence}\0\0`);
  const head = Buffer.alloc(5);
  head[0] = 0x45;
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

export function readyForQuery(state: number): Buffer {
  return Buffer.from([0x5a, 0, 0, 0, 5, state]);
}

/** AuthenticationOk, the parameters that clients read, a backend key that cancels nothing, ReadyForQuery. */
export function greeting(parameters: Readonly<Record<string, string>>): Buffer {
  const parts: Buffer[] = [Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0])];
  for (const [name, value] of Object.entries(parameters)) {
    const fields = Buffer.from(`${name}\0${value}\0`);
    const head = Buffer.alloc(5);
    head[0] = 0x53;
    head.writeInt32BE(fields.length + 4, 1);
    parts.push(head, fields);
  }
  parts.push(Buffer.from([0x4b, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0]), readyForQuery(IDLE));
  return Buffer.concat(parts);
}
