/** Every problem and refusal code of the core with its one fixed sentence (CONVENTIONS 4). */
import { SENTENCES as access } from '../access/problems.ts';
import { SENTENCES as base } from '../base/problems.ts';
import { SENTENCES as dicom } from '../formats/dicom/problems.ts';
import { SENTENCES as ecg } from '../formats/ecg/problems.ts';
import { SENTENCES as fhir } from '../formats/fhir/problems.ts';
import { SENTENCES as hl7v2 } from '../formats/hl7v2/problems.ts';
import { SENTENCES as xml } from '../formats/xml/problems.ts';
import { SENTENCES as zip } from '../formats/zip/problems.ts';
import { SENTENCES as identity } from '../identity/problems.ts';
import { SENTENCES as ledger } from '../ledger/problems.ts';
import { SENTENCES as mapping } from '../mapping/problems.ts';
import { SENTENCES as recognition } from '../recognition/problems.ts';
import { SENTENCES as registry } from '../registry/problems.ts';
import { SENTENCES as search } from '../search/problems.ts';
import { SENTENCES as gateway } from './problems.ts';

export const ALL_SENTENCES: Readonly<Record<string, string>> = {
  ...base,
  ...access,
  ...hl7v2,
  ...fhir,
  ...xml,
  ...zip,
  ...dicom,
  ...ecg,
  ...mapping,
  ...identity,
  ...registry,
  ...recognition,
  ...ledger,
  ...search,
  ...gateway,
};

export function sentenceOf(code: string): string | undefined {
  return ALL_SENTENCES[code];
}
