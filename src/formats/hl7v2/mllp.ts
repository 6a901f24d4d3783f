/**
 * MLLP framing (HL7 Transport Specification: MLLP, release 1): 0x0B, the message, 0x1C 0x0D. Pure: bytes in,
 * events out, the same ones however the bytes are cut into chunks. Memory stays below the limit.
 */
import { concatBytes } from '../../base/bytes.ts';
import type { Problem, Severity } from '../../base/problem.ts';

export type FrameEvent =
  | { readonly kind: 'message'; readonly bytes: Uint8Array }
  /** A message over the limit was passed over; `head` is its beginning, enough to answer it. */
  | { readonly kind: 'oversize'; readonly head: Uint8Array; readonly problem: Problem }
  | { readonly kind: 'problem'; readonly problem: Problem };

export interface Framer {
  push(chunk: Uint8Array): readonly FrameEvent[];
  /** The connection has ended: tells an unfinished frame. */
  end(): readonly FrameEvent[];
  /** A message has begun and not ended. */
  readonly isInside: boolean;
}

const START = 0x0b;
const END = 0x1c;
const CR = 0x0d;
const LF = 0x0a;

/** The message as it goes over the wire. */
export function frame(bytes: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(START), bytes, Uint8Array.of(END, CR));
}

/**
 * 0x1C ends a message at once (it stands in no text of table 0211), so a sender that forgets the 0x0D after
 * it is answered and not waited for.
 */
export function createFramer({ bytesMax }: { readonly bytesMax: number }): Framer {
  return new StreamFramer(bytesMax);
}

const HEAD_BYTES = 8 * 1024;
const FIRST_BYTES = 4 * 1024;

type State = 'outside' | 'inside' | 'skipping' | 'ended';

class StreamFramer implements Framer {
  readonly #bytesMax: number;
  #held = new Uint8Array(0);
  #length = 0;
  #state: State = 'outside';
  #frames = 0;
  /** Junk is told once per gap between frames. */
  #junkTold = false;
  #events: FrameEvent[] = [];

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get isInside(): boolean {
    return this.#state === 'inside' || this.#state === 'skipping';
  }

  push(chunk: Uint8Array): readonly FrameEvent[] {
    this.#events = [];
    let at = 0;
    while (at < chunk.length) {
      at = this.isInside ? this.#takeInside(chunk, at) : this.#takeOutside(chunk, at);
    }
    return this.#events;
  }

  end(): readonly FrameEvent[] {
    this.#events = [];
    if (this.isInside) this.#tell('hl7v2/frame-unfinished', 'error');
    this.#state = 'outside';
    this.#held = new Uint8Array(0);
    this.#length = 0;
    return this.#events;
  }

  #takeOutside(chunk: Uint8Array, at: number): number {
    const byte = chunk[at] as number;
    if (this.#state === 'ended') {
      this.#state = 'outside';
      if (byte === CR) return at + 1;
      this.#tell('hl7v2/frame-end-incomplete', 'information');
    }
    if (byte === START) {
      this.#begin();
      return at + 1;
    }
    if (byte !== CR && byte !== LF && !this.#junkTold) {
      this.#junkTold = true;
      this.#tell('hl7v2/frame-junk', 'warning', this.#frames + 1);
    }
    // Line ends between frames are nothing to tell; what follows them may be.
    if (!this.#junkTold) return at + 1;
    const start = chunk.indexOf(START, at);
    return start < 0 ? chunk.length : start;
  }

  #begin(): void {
    this.#frames += 1;
    this.#length = 0;
    this.#junkTold = false;
    this.#state = 'inside';
  }

  #takeInside(chunk: Uint8Array, at: number): number {
    let to = at;
    while (to < chunk.length && chunk[to] !== END && chunk[to] !== START) to += 1;
    this.#keep(chunk, at, to);
    if (to === chunk.length) return to;
    if (chunk[to] === START) {
      this.#tell('hl7v2/frame-restarted', 'error');
      this.#begin();
    } else {
      this.#finish();
    }
    return to + 1;
  }

  #keep(chunk: Uint8Array, from: number, to: number): void {
    const size = this.#length + (to - from);
    if (this.#state === 'inside' && size > this.#bytesMax) {
      this.#state = 'skipping';
      this.#grow(Math.min(HEAD_BYTES, size));
      const room = Math.max(0, Math.min(HEAD_BYTES - this.#length, to - from));
      this.#held.set(chunk.subarray(from, from + room), this.#length);
      const head = Math.min(HEAD_BYTES, this.#length + room);
      this.#held = this.#held.slice(0, head);
      this.#length = head;
      return;
    }
    if (this.#state === 'skipping') return;
    this.#grow(size);
    this.#held.set(chunk.subarray(from, to), this.#length);
    this.#length = size;
  }

  #grow(size: number): void {
    if (this.#held.length >= size) return;
    const larger = new Uint8Array(Math.max(size, FIRST_BYTES, Math.min(this.#held.length * 2, this.#bytesMax)));
    larger.set(this.#held.subarray(0, this.#length));
    this.#held = larger;
  }

  #finish(): void {
    const bytes = this.#held.slice(0, this.#length);
    if (this.#state === 'skipping') {
      const problem = this.#problem('hl7v2/frame-oversize', 'fatal', this.#frames);
      this.#events.push({ kind: 'oversize', head: bytes, problem });
    } else {
      this.#events.push({ kind: 'message', bytes });
    }
    if (this.#held.length > KEPT_BYTES) this.#held = new Uint8Array(0);
    this.#length = 0;
    this.#state = 'ended';
  }

  #tell(code: string, severity: Severity, frameNumber = this.#frames): void {
    this.#events.push({ kind: 'problem', problem: this.#problem(code, severity, frameNumber) });
  }

  #problem(code: string, severity: Severity, frameNumber: number): Problem {
    return { code, severity, at: `frame ${frameNumber}` };
  }
}

/** A buffer larger than this is given back after its message. */
const KEPT_BYTES = 256 * 1024;
