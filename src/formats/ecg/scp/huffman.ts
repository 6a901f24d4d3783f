/**
 * Huffman codes of SCP-ECG (EN 1064, 5.5 and annex C): the default table and a file's own ones, which may switch from one
 * to another. A table is a binary tree in two arrays; decoding walks it bit by bit.
 */
import type { Section } from './sections.ts';

/** Node k has children at `next[2k]` and `next[2k + 1]`: a node, or `-(leaf + 1)`; 0 is no child. */
interface Table {
  readonly next: number[];
  readonly leaves: Leaf[];
  /** Where the walk stands after each window of bits, made when the table is first used. */
  windows?: Int32Array;
}

interface Leaf {
  /** Bits behind the prefix, a signed number to add. */
  readonly extra: number;
  readonly value: number;
  /** The table that follows (from 0); undefined for a code that is a value. */
  readonly table?: number;
}

export interface Huffman {
  readonly tables: readonly Table[];
}

/** Section 2 says that the default table is used. */
const DEFAULT = 19_999;
const CODE_BYTES = 9;
/** More tables than any writer has use for. */
const TABLES_MAX = 64;

/** `none`: samples are plain 16-bit integers. `unreadable`: the tables contradict themselves. */
export function readHuffman(section: Section | undefined): Huffman | 'none' | 'unreadable' {
  if (section === undefined || section.bytes.length < 2) return 'none';
  const { view } = section;
  const count = view.getUint16(0, true);
  if (count === 0) return 'none';
  if (count === DEFAULT) return DEFAULT_HUFFMAN;
  if (count > TABLES_MAX) return 'unreadable';
  const tables: Table[] = [];
  let at = 2;
  for (let t = 0; t < count; t++) {
    if (at + 2 > view.byteLength) return 'unreadable';
    const codes = view.getUint16(at, true);
    at += 2;
    const table: Table = { next: [0, 0], leaves: [] };
    for (let c = 0; c < codes; c++, at += CODE_BYTES) {
      if (at + CODE_BYTES > view.byteLength) return 'unreadable';
      const prefix = view.getUint8(at);
      const total = view.getUint8(at + 1);
      const isValue = view.getUint8(at + 2) !== 0;
      const value = view.getInt16(at + 3, true);
      const code = view.getUint32(at + 5, true);
      if (prefix === 0 || prefix > 32 || total < prefix || total - prefix > 32) return 'unreadable';
      // Tables are numbered from 1.
      const leaf = isValue ? { extra: total - prefix, value } : { extra: 0, value: 0, table: value - 1 };
      // The code is stored with its first bit lowest.
      if (!addCode(table, prefix, (bit) => (code >>> bit) & 1, leaf)) return 'unreadable';
    }
    tables.push(table);
  }
  const isWhole = tables.every(({ leaves }) =>
    leaves.every(({ table }) => table === undefined || (table >= 0 && table < tables.length)),
  );
  return isWhole ? { tables } : 'unreadable';
}

/** False when the code is or begins another. */
function addCode(table: Table, prefix: number, bitAt: (bit: number) => number, leaf: Leaf): boolean {
  const { next, leaves } = table;
  let node = 0;
  for (let bit = 0; bit < prefix; bit++) {
    const slot = node * 2 + bitAt(bit);
    const found = next[slot] as number;
    if (found < 0) return false;
    if (bit === prefix - 1) {
      if (found !== 0) return false;
      next[slot] = -leaves.push(leaf);
      return true;
    }
    if (found === 0) {
      node = next.length >> 1;
      next.push(0, 0);
      next[slot] = node;
    } else node = found;
  }
  return false;
}

function defaultTable(): Table {
  const table: Table = { next: [0, 0], leaves: [] };
  const add = (code: string, leaf: Leaf): void => {
    addCode(table, code.length, (bit) => Number(code[bit]), leaf);
  };
  add('0', { extra: 0, value: 0 });
  for (let k = 1; k <= 8; k++) {
    add(`${'1'.repeat(k)}00`, { extra: 0, value: k });
    add(`${'1'.repeat(k)}01`, { extra: 0, value: -k });
  }
  add('1111111110', { extra: 8, value: 0 });
  add('1111111111', { extra: 16, value: 0 });
  return table;
}

const DEFAULT_HUFFMAN: Huffman = { tables: [defaultTable()] };

export interface Decoded {
  readonly values: Int32Array;
  /** The bits ended before `count`, or a code belonged to no table. */
  readonly short: boolean;
}

/** Up to `count` values; bits are read from the highest of each byte. */
export function decodeHuffman({ tables }: Huffman, bytes: Uint8Array, count: number): Decoded {
  const bitsTotal = bytes.length * 8;
  // No code is shorter than a bit: a lie about the count costs no memory.
  const values = new Int32Array(Math.min(count, bitsTotal));
  // Up to seven zero bits that fill the last byte may look like samples: where samples are missing, none of them is taken for one.
  const fillFrom = bitsTotal - trailingZeros(bytes);
  let table = tables[0] as Table;
  let windows = windowsOf(table);
  let position = 0;
  let made = 0;
  let sure = 0;
  while (made < count) {
    const step = windows[windowAt(bytes, position)] as number;
    let node = step >> STEP_BITS;
    let at = position + (step & STEP_MASK);
    // Codes longer than a window: on from where it ends, bit by bit.
    while (node > 0 && at < bitsTotal) {
      node = table.next[node * 2 + (((bytes[at >> 3] as number) >> (7 - (at & 7))) & 1)] as number;
      at += 1;
    }
    if (node >= 0 || at > bitsTotal) return { values: values.slice(0, sure), short: true };
    const leaf = table.leaves[-node - 1] as Leaf;
    if (leaf.table !== undefined) {
      table = tables[leaf.table] as Table;
      windows = windowsOf(table);
      position = at;
      continue;
    }
    if (at + leaf.extra > bitsTotal) return { values: values.slice(0, sure), short: true };
    values[made++] = leaf.extra === 0 ? leaf.value : leaf.value + signedBits(bytes, at, leaf.extra);
    if (position < fillFrom) sure = made;
    position = at + leaf.extra;
  }
  return { values: values.subarray(0, made), short: false };
}

const WINDOW_BITS = 10;
/** The lowest bits of a step are how many bits it took; the rest is the node or leaf. */
const STEP_BITS = 4;
const STEP_MASK = (1 << STEP_BITS) - 1;

function windowsOf(table: Table): Int32Array {
  table.windows ??= Int32Array.from({ length: 1 << WINDOW_BITS }, (_, window) => {
    let node = 0;
    let used = 0;
    do {
      node = table.next[node * 2 + ((window >> (WINDOW_BITS - 1 - used)) & 1)] as number;
      used += 1;
    } while (node > 0 && used < WINDOW_BITS);
    return (node << STEP_BITS) | used;
  });
  return table.windows;
}

/** The bits from `position` on; zeros behind the last byte. */
function windowAt(bytes: Uint8Array, position: number): number {
  const k = position >> 3;
  const held = ((bytes[k] ?? 0) << 16) | ((bytes[k + 1] ?? 0) << 8) | (bytes[k + 2] ?? 0);
  return (held >> (24 - WINDOW_BITS - (position & 7))) & ((1 << WINDOW_BITS) - 1);
}

/** At most 7: those that may only fill the last byte. */
function trailingZeros(bytes: Uint8Array): number {
  const last = bytes.at(-1) ?? 1;
  return last === 0 ? 7 : 31 - Math.clz32(last & -last);
}

function signedBits(bytes: Uint8Array, at: number, length: number): number {
  if (length === 0) return 0;
  let value = 0;
  for (let k = at; k < at + length; k++) value = value * 2 + (((bytes[k >> 3] as number) >> (7 - (k & 7))) & 1);
  return value >= 2 ** (length - 1) ? value - 2 ** length : value;
}
