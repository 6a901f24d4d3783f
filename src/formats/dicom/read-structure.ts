/**
 * A DICOM file (PS3.10) opened within limits: preamble, file meta information, transfer syntax, deflation, then the data
 * set up to its pixels. The one door to dicom-parser; whatever it throws becomes a problem.
 */
import { LIMITS } from '../../base/limits.ts';
import type { Problem } from '../../base/problem.ts';
import type { Syntax } from './heads.ts';
import { inflateWithin } from './inflate.ts';
import { type Budget, type DicomNode, freshBudget, type Walked, walkDataset } from './walk.ts';

export interface DicomStructure {
  /** Elements of the data set, with those of the file meta information among them. */
  readonly root: DicomNode;
  readonly transferSyntax: string | undefined;
  /** The data set ends early or contradicts itself behind this element of the top level. */
  readonly cutBehind: string | undefined;
  readonly pixels: Walked['pixels'];
  readonly problems: readonly Problem[];
}

export interface Unread {
  readonly root: undefined;
  readonly problems: readonly Problem[];
}

const IMPLICIT = '1.2.840.10008.1.2';
const BIG_ENDIAN = '1.2.840.10008.1.2.2';
const DEFLATED = '1.2.840.10008.1.2.1.99';
const LITTLE: Syntax = { implicit: false, bigEndian: false };
const AT_SYNTAX = '(0002,0010)';

/** `DICM` at 128, or a first element of group 0002 or 0008. */
export function looksLikeDicom(bytes: Uint8Array): boolean {
  return hasPreamble(bytes) || beginsWithMeta(bytes) || headerlessSyntax(bytes) !== undefined;
}

function hasPreamble(bytes: Uint8Array): boolean {
  return bytes[128] === 0x44 && bytes[129] === 0x49 && bytes[130] === 0x43 && bytes[131] === 0x4d;
}

/** File meta information without the preamble before it: its group length, or its version. */
function beginsWithMeta(bytes: Uint8Array): boolean {
  const head = [0x02, 0, 0, 0, 0x55, 0x4c, 4, 0];
  return bytes.length > 12 && head.every((byte, k) => bytes[k] === byte);
}

/** The syntax of a file without a header: its first element is of group 0008, with or without a VR. */
function headerlessSyntax(bytes: Uint8Array): Syntax | undefined {
  if (bytes.length < 16) return undefined;
  const seen = syntaxSeen(bytes, 0);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isLow = view.getUint16(0, !seen.bigEndian) === 0x0008 && view.getUint16(2, !seen.bigEndian) <= 0x0018;
  return isLow && (!seen.implicit || view.getUint32(4, true) <= 128) ? seen : undefined;
}

/** As the first element shows it: a VR is two capital letters, and group 0800 is none. */
function syntaxSeen(bytes: Uint8Array, at: number): Syntax {
  const [first = 0, second = 0, , , a = 0, b = 0] = bytes.subarray(at, at + 6);
  const implicit = !(a >= 0x41 && a <= 0x5a && b >= 0x41 && b <= 0x5a);
  return { implicit, bigEndian: !implicit && first === 0 && second === 8 };
}

/**
 * Problems: `dicom/unreadable`, `dicom/too-large`, `dicom/too-nested`, `dicom/too-many` (then there is no structure),
 * `dicom/headerless`, `dicom/syntax-guessed`, `dicom/pixels-truncated`. A cut is left to the caller to judge.
 */
export function readStructure(bytes: Uint8Array): DicomStructure | Unread {
  try {
    return structureOf(bytes);
  } catch {
    // Heads are read within bounds that were checked; what is thrown all the same may hold values and is not told.
    return unread('dicom/unreadable', 'data set');
  }
}

function unread(code: string, at: string): Unread {
  return { root: undefined, problems: [{ code, severity: 'fatal', at }] };
}

function structureOf(bytes: Uint8Array): DicomStructure | Unread {
  if (bytes.length > LIMITS.dicomBytesMax) return unread('dicom/too-large', 'data set');
  const problems: Problem[] = [];
  const budget = freshBudget();
  const isWrapped = hasPreamble(bytes);
  const loose = isWrapped || beginsWithMeta(bytes) ? undefined : headerlessSyntax(bytes);
  if (!isWrapped && !beginsWithMeta(bytes) && loose === undefined) return unread('dicom/unreadable', AT_SYNTAX);
  if (!isWrapped) problems.push({ code: 'dicom/headerless', severity: 'information', at: AT_SYNTAX });
  if (loose !== undefined)
    return dataset(bytes, { from: 0, syntax: loose, budget, meta: undefined, stated: undefined, problems });
  const meta = walkDataset(bytes, { from: isWrapped ? 132 : 0, syntax: LITTLE, budget, only: '0002' });
  if (meta.fault !== undefined) return unread('dicom/unreadable', 'data set');
  const stated = uidOf(meta.node, '00020010');
  const isDeflated = stated === DEFLATED;
  const body = isDeflated ? inflateWithin(bytes.subarray(meta.position)) : bytes;
  if (body === undefined) return unread('dicom/too-large', 'data set');
  const from = isDeflated ? 0 : meta.position;
  const seen = syntaxSeen(body, from);
  const told: Syntax = { implicit: stated === IMPLICIT, bigEndian: stated === BIG_ENDIAN };
  const isTold =
    stated !== undefined && seen.implicit === told.implicit && (seen.implicit || seen.bigEndian === told.bigEndian);
  if (!isTold && from < body.length)
    problems.push({ code: 'dicom/syntax-guessed', severity: 'warning', at: AT_SYNTAX });
  return dataset(body, { from, syntax: isTold ? told : seen, budget, meta: meta.node, stated, problems });
}

interface Opened {
  readonly from: number;
  readonly syntax: Syntax;
  readonly budget: Budget;
  readonly meta: DicomNode | undefined;
  readonly stated: string | undefined;
  readonly problems: Problem[];
}

function dataset(body: Uint8Array, { from, syntax, budget, meta, stated, problems }: Opened): DicomStructure | Unread {
  const { node, fault, last, pixels } = walkDataset(body, { from, syntax, budget });
  if (fault === 'too-nested') return unread('dicom/too-nested', 'data set');
  if (fault === 'too-many') return unread('dicom/too-many', 'data set');
  if (last === '') return unread('dicom/unreadable', 'data set');
  if (pixels === 'cut') problems.push({ code: 'dicom/pixels-truncated', severity: 'warning', at: '(7FE0,0010)' });
  const transferSyntax = stated ?? (syntax.bigEndian ? BIG_ENDIAN : syntax.implicit ? IMPLICIT : '1.2.840.10008.1.2.1');
  // Elements of group 0002 have no place in a data set: those of the header rule.
  for (const [tag, element] of meta?.elements ?? [])
    node.elements.set(tag, { ...element, within: meta?.bytes as Uint8Array });
  return { root: node, transferSyntax, cutBehind: fault === 'cut' ? last : undefined, pixels, problems };
}

function uidOf(node: DicomNode, tag: string): string | undefined {
  const element = node.elements.get(tag);
  if (element === undefined) return undefined;
  const bytes = node.bytes.subarray(element.offset, element.offset + element.length);
  const text = String.fromCharCode(...bytes.subarray(0, 64))
    .replace(/[\0 ]+$/, '')
    .trim();
  return text === '' ? undefined : text;
}
