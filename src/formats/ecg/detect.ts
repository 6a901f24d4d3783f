/** Which ECG format bytes are in, by their content (ecg.md 0.4); names of files lie. */
import type { EcgFormat } from '../../terms/parsed/ecg.ts';
import { looksLikeDicom } from '../dicom/read-dataset.ts';
import { looksLikeWfdb } from './wfdb/read-wfdb.ts';

/** `xml` for a document whose root is yet to be seen. */
export type Detected = Exclude<EcgFormat, 'aecg' | 'muse' | 'philips' | 'mortara' | 'cardiosoft' | 'zoncare'> | 'xml';

export function detectEcg(bytes: Uint8Array): Detected | undefined {
  if (beginsWith(bytes, '%PDF-')) return 'pdf';
  if (beginsWith(bytes, 'ISHNE1.0')) return 'ishne';
  if (textAt(bytes, 16, 6) === 'SCPECG') return 'scp';
  if (beginsWith(bytes, '0       ') || (bytes[0] === 0xff && textAt(bytes, 1, 7) === 'BIOSEMI')) return 'edf';
  if (bytes[0] === 0x40 && textAt(bytes, 2, 3) === 'MFR') return 'mfer';
  if (looksLikeDicom(bytes)) return 'dicom';
  if (looksLikeXml(bytes)) return 'xml';
  return looksLikeWfdb(bytes) ? 'wfdb' : undefined;
}

const XML_LOOKED_AT = 64;

/** `<` behind a byte order mark and white space, in UTF-8 or UTF-16. */
function looksLikeXml(bytes: Uint8Array): boolean {
  for (const byte of bytes.subarray(0, XML_LOOKED_AT)) {
    if (byte === 0x3c) return true;
    const isBlank = byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d || byte === 0;
    const isMark = byte === 0xef || byte === 0xbb || byte === 0xbf || byte === 0xff || byte === 0xfe;
    if (!isBlank && !isMark) return false;
  }
  return false;
}

function beginsWith(bytes: Uint8Array, text: string): boolean {
  return textAt(bytes, 0, text.length) === text;
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
