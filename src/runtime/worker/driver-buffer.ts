/**
 * `node:buffer` for postgres.js in a Worker (`wrangler.toml`, alias): as much of Node's Buffer as its wire protocol uses,
 * so that the bundle needs nothing of Node. Used by the driver alone; numbers are big-endian, as PostgreSQL sends them.
 */
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

type Encoding = 'utf8' | 'hex' | 'base64';

class DriverBuffer extends Uint8Array {
  static alloc(size: number): DriverBuffer {
    return new DriverBuffer(size);
  }

  static allocUnsafe(size: number): DriverBuffer {
    return new DriverBuffer(size);
  }

  static byteLength(text: string): number {
    return encoder.encode(text).length;
  }

  static override from(value: unknown, encoding?: unknown): DriverBuffer {
    if (typeof value !== 'string') {
      // A copy, but for an ArrayBuffer, as Node has it.
      return value instanceof ArrayBuffer ? new DriverBuffer(value) : new DriverBuffer(value as ArrayLike<number>);
    }
    if (encoding === 'hex') return ofHex(value);
    if (encoding === 'base64') return new DriverBuffer(Array.from(atob(value), (one) => one.charCodeAt(0)));
    return new DriverBuffer(encoder.encode(value));
  }

  static concat(
    parts: readonly Uint8Array[],
    length = parts.reduce((sum, part) => sum + part.length, 0),
  ): DriverBuffer {
    const whole = new DriverBuffer(length);
    let at = 0;
    for (const part of parts) {
      const fitting = part.length > length - at ? part.subarray(0, length - at) : part;
      whole.set(fitting, at);
      at += fitting.length;
    }
    return whole;
  }

  override toString(encoding: Encoding = 'utf8', start = 0, end = this.length): string {
    const part = new Uint8Array(this.buffer, this.byteOffset, this.length).subarray(start, end);
    if (encoding === 'hex') return Array.from(part, (byte) => byte.toString(16).padStart(2, '0')).join('');
    if (encoding === 'base64') return btoa(Array.from(part, (byte) => String.fromCharCode(byte)).join(''));
    return decoder.decode(part);
  }

  /** Bytes written. */
  write(text: string, at: number, length: number): number {
    return encoder.encodeInto(text, this.subarray(at, at + length)).written;
  }

  copy(target: Uint8Array): void {
    target.set(this);
  }

  readInt32BE(at: number): number {
    return viewOf(this).getInt32(at);
  }

  readUInt32BE(at: number): number {
    return viewOf(this).getUint32(at);
  }

  readUInt16BE(at: number): number {
    return viewOf(this).getUint16(at);
  }

  writeUInt32BE(value: number, at: number): void {
    viewOf(this).setUint32(at, value);
  }

  writeUInt16BE(value: number, at: number): void {
    viewOf(this).setUint16(at, value);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function ofHex(text: string): DriverBuffer {
  const bytes = new DriverBuffer(text.length >> 1);
  for (let index = 0; index < bytes.length; index++)
    bytes[index] = Number.parseInt(text.slice(index * 2, index * 2 + 2), 16);
  return bytes;
}

export { DriverBuffer as Buffer };
