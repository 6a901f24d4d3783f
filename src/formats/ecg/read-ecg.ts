/** Any ECG file to an `Ecg`, told by its content: the one door of this folder. Never throws, whatever the bytes. */
import { LIMITS } from '../../base/limits.ts';
import type { Parsed } from '../../base/problem.ts';
import type { Ecg } from '../../terms/parsed/ecg.ts';
import type { XmlElement } from '../xml/element.ts';
import { readXml } from '../xml/read-xml.ts';
import { readAecg } from './aecg.ts';
import { readCardiosoft } from './cardiosoft.ts';
import { detectEcg } from './detect.ts';
import { readDicomEcg } from './dicom/read-dicom-ecg.ts';
import { readEdf } from './edf/read-edf.ts';
import { readIshne } from './ishne.ts';
import { readMfer } from './mfer/read-mfer.ts';
import { readMortara } from './mortara.ts';
import { readMuse } from './muse.ts';
import { readPdf } from './pdf.ts';
import { readPhilips } from './philips/read-philips.ts';
import { readScp } from './scp/read-scp.ts';
import { type Companions, readWfdb } from './wfdb/read-wfdb.ts';
import { readZoncare } from './zoncare.ts';

/**
 * The ECG that the bytes hold. `companions` gives the other files of a recording that is several (WFDB). Fatal problems:
 * `ecg/too-large`, `ecg/format-unknown`, those of `xml/` and `dicom/`, and a format's own when nothing can be shown.
 */
export function readEcg(bytes: Uint8Array, companions: Companions = () => undefined): Parsed<Ecg> {
  if (bytes.length > LIMITS.ecgBytesMax) return fatal('ecg/too-large');
  switch (detectEcg(bytes)) {
    case 'scp':
      return readScp(bytes);
    case 'dicom':
      return readDicomEcg(bytes);
    case 'mfer':
      return readMfer(bytes);
    case 'edf':
      return readEdf(bytes);
    case 'ishne':
      return readIshne(bytes);
    case 'wfdb':
      return readWfdb(bytes, companions);
    case 'pdf':
      return readPdf(bytes);
    case 'xml':
      return readDocument(bytes);
    case undefined:
      return fatal('ecg/format-unknown');
  }
}

/** By the local name of the root. */
const ROOTS: Readonly<Record<string, (root: XmlElement) => Parsed<Ecg>>> = {
  AnnotatedECG: readAecg,
  RestingECG: readMuse,
  restingecgdata: readPhilips,
  ECG: readMortara,
  CardiologyXML: readCardiosoft,
  sapphire: readCardiosoft,
  zqecg: readZoncare,
};

function readDocument(bytes: Uint8Array): Parsed<Ecg> {
  const { value: root, problems } = readXml(bytes);
  if (root === undefined) return { value: undefined, problems };
  const read = Object.hasOwn(ROOTS, root.name) ? ROOTS[root.name] : undefined;
  if (read === undefined) return fatal('ecg/format-unknown');
  const parsed = read(root);
  return { value: parsed.value, problems: [...problems, ...parsed.problems] };
}

function fatal(code: string): Parsed<never> {
  return { value: undefined, problems: [{ code, severity: 'fatal', at: '' }] };
}
