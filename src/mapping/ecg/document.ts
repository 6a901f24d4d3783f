/** The file as it came → DocumentReference, which names it by its digest (ecg.md 3.3). */
import type { DocumentReference, Reference } from 'fhir/r4';
import type { Ecg, EcgFormat } from '../../terms/parsed/ecg.ts';
import { STUDY } from './codes.ts';

/** What is known of the file itself. */
export interface EcgSource {
  /** SHA-256 of the bytes, 64 hexadecimal digits. */
  readonly digest: string;
  /** SHA-1 of the bytes, base64: what R4 has for an attachment. */
  readonly sha1: string;
  readonly bytes: number;
  /** Some of it was lost or changed on its way: nothing of it is recognised. */
  readonly corrupt: boolean;
  /** The file is an archive of the recording's files. */
  readonly zipped?: boolean;
}

/** Names a file by the SHA-256 of its bytes. */
export const SHA256 = 'urn:concord:sha256';

const TYPES: Readonly<Record<EcgFormat, string>> = {
  aecg: 'application/xml',
  muse: 'application/xml',
  philips: 'application/xml',
  mortara: 'application/xml',
  cardiosoft: 'application/xml',
  zoncare: 'application/xml',
  dicom: 'application/dicom',
  pdf: 'application/pdf',
  wfdb: 'text/plain',
  scp: 'application/octet-stream',
  mfer: 'application/octet-stream',
  edf: 'application/octet-stream',
  ishne: 'application/octet-stream',
};

/** `document`: id of the DocumentReference, under which the bytes are read as a Binary. */
export function attachmentOf(format: EcgFormat, source: EcgSource, document: string) {
  return {
    contentType: source.zipped === true ? 'application/zip' : TYPES[format],
    url: `Binary/${document}`,
    size: source.bytes,
    hash: source.sha1,
  };
}

export function documentOf(
  { format, version }: Ecg,
  source: EcgSource,
  { id, subject }: { readonly id: string; readonly subject: Reference | undefined },
): DocumentReference & { id: string } {
  return {
    resourceType: 'DocumentReference',
    id,
    masterIdentifier: { system: SHA256, value: source.digest },
    status: 'current',
    type: { coding: [STUDY] },
    ...(subject === undefined ? {} : { subject }),
    content: [
      {
        attachment: attachmentOf(format, source, id),
        format: {
          system: 'urn:concord:ecg-format',
          code: format,
          ...(version === undefined ? {} : { display: `${format} ${version}` }),
        },
      },
    ],
  };
}
