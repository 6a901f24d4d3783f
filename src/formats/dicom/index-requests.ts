/** Orders behind an instance: Request Attributes (0040,0275) of images, Referenced Request (0040,A370) of reports. */
import type { DicomAccession, DicomRequest } from '../../terms/parsed/dicom.ts';
import { codeOf, type IndexReading, issuerOf, listOf, present } from './index-values.ts';
import type { DicomItem } from './read-dataset.ts';

const SEQUENCES = [
  ['00400275', '(0040,0275)'],
  ['0040a370', '(0040,A370)'],
] as const;

export interface RequestItem {
  readonly item: DicomItem;
  /** `(0040,0275)[1]`. */
  readonly at: string;
}

export function requestItems(reading: IndexReading): readonly RequestItem[] {
  return SEQUENCES.flatMap(([tag, at]) => listOf(reading, tag).map((item, k) => ({ item, at: `${at}[${k + 1}]` })));
}

/** The study's own, then those of its requests; a number that is stated again with the same issuer is one. */
export function accessionsOf(dataset: DicomItem, items: readonly RequestItem[]): readonly DicomAccession[] {
  const found = [{ item: dataset, at: '' }, ...items].flatMap(({ item, at }): DicomAccession[] => {
    const value = item.text('00080050');
    const issuer = issuerOf(item.items('00080051')[0]);
    if (value === undefined) return [];
    return [present<DicomAccession>({ value, issuer, at: `${at}(0008,0050)` })];
  });
  const isSame = (one: DicomAccession, other: DicomAccession): boolean =>
    one.value === other.value &&
    (other.issuer === undefined || JSON.stringify(one.issuer) === JSON.stringify(other.issuer));
  return found.filter((one, k) => !found.slice(0, k).some((earlier) => isSame(earlier, one)));
}

export function requestsOf(items: readonly RequestItem[]): readonly DicomRequest[] {
  return items.map(({ item, at }) =>
    present<DicomRequest>({
      procedureId: item.text('00401001'),
      description: item.text('00321060'),
      code: codeOf(item.items('00321064')[0]),
      placerNumber: item.text('00402016'),
      fillerNumber: item.text('00402017'),
      at,
    }),
  );
}
