/** The parts of an index: patient, study, series, image and equipment, as their modules name their elements (PS3.3 C.7). */
import type {
  DicomEquipment,
  DicomImage,
  DicomIssuer,
  DicomPatient,
  DicomSeries,
  DicomStudy,
  DicomUids,
} from '../../terms/parsed/dicom.ts';
import {
  codeOf,
  dateOf,
  dateTimeOf,
  decimalsOf,
  type IndexReading,
  integerOf,
  issuerOf,
  listOf,
  momentOf,
  nameOf,
  namesOf,
  present,
  uidOf,
} from './index-values.ts';
import type { DicomItem } from './read-dataset.ts';

/** Those of the data set, not of the file meta information, which a writer may have copied from another instance. */
export function uidsOf(reading: IndexReading, transferSyntax: string | undefined): DicomUids {
  return present<DicomUids>({
    study: uidOf(reading, '0020000d'),
    series: uidOf(reading, '0020000e'),
    instance: uidOf(reading, '00080018'),
    sopClass: uidOf(reading, '00080016'),
    transferSyntax,
  });
}

export function patientOf(reading: IndexReading): DicomPatient {
  const { dataset } = reading;
  return present<DicomPatient>({
    name: nameOf(dataset.name('00100010')),
    id: dataset.text('00100020'),
    issuer: patientIssuer(dataset),
    otherIds: listOf(reading, '00101002').flatMap((item) => {
      const id = item.text('00100020');
      const issuer = patientIssuer(item);
      return id === undefined ? [] : [{ id, ...(issuer === undefined ? {} : { issuer }) }];
    }),
    birthDate: dateOf(reading, '00100030'),
    sex: dataset.text('00100040'),
    age: dataset.text('00101010'),
    identityRemoved: dataset.text('00120062'),
  });
}

/** (0010,0021), and (0010,0024) which says it to other systems. */
function patientIssuer(item: DicomItem): DicomIssuer | undefined {
  return issuerOf(item.items('00100024')[0], item.text('00100021'));
}

export function studyOf(reading: IndexReading): DicomStudy {
  const { dataset } = reading;
  return present<DicomStudy>({
    started: momentOf(reading, '00080020', '00080030'),
    id: dataset.text('00200010'),
    description: dataset.text('00081030'),
    procedures: listOf(reading, '00081032').flatMap((item) => codeOf(item) ?? []),
    referrer: nameOf(dataset.name('00080090')),
    readers: namesOf(dataset, '00081060'),
    institution: dataset.text('00080080'),
    department: dataset.text('00081040'),
  });
}

export function seriesOf(reading: IndexReading): DicomSeries {
  const { dataset } = reading;
  return present<DicomSeries>({
    started: momentOf(reading, '00080021', '00080031'),
    number: integerOf(reading, '00200011'),
    modality: dataset.text('00080060'),
    description: dataset.text('0008103e'),
    protocol: dataset.text('00181030'),
    bodyPart: dataset.text('00180015'),
    anatomy: codeOf(dataset.items('00082218')[0]),
    laterality: dataset.text('00200060'),
    performers: namesOf(dataset, '00081050'),
    operators: namesOf(dataset, '00081070'),
  });
}

export function imageOf(reading: IndexReading): DicomImage {
  const { dataset } = reading;
  return present<DicomImage>({
    acquired: momentOf(reading, '00080022', '00080032'),
    acquiredAt: dateTimeOf(reading, '0008002a'),
    content: momentOf(reading, '00080023', '00080033'),
    number: integerOf(reading, '00200013'),
    types: dataset.texts('00080008'),
    laterality: dataset.text('00200062'),
    viewPosition: dataset.text('00185101'),
    contrastAgent: dataset.text('00180010'),
    rows: dataset.uint16('00280010'),
    columns: dataset.uint16('00280011'),
    frames: integerOf(reading, '00280008'),
    bitsAllocated: dataset.uint16('00280100'),
    bitsStored: dataset.uint16('00280101'),
    samplesPerPixel: dataset.uint16('00280002'),
    photometric: dataset.text('00280004'),
    sliceThickness: decimalsOf(reading, '00180050')[0],
    pixelSpacing: decimalsOf(reading, '00280030'),
    kvp: decimalsOf(reading, '00180060')[0],
    lossy: dataset.text('00282110'),
    burnedIn: dataset.text('00280301'),
  });
}

export function equipmentOf(dataset: DicomItem): DicomEquipment {
  return present<DicomEquipment>({
    manufacturer: dataset.text('00080070'),
    model: dataset.text('00081090'),
    station: dataset.text('00081010'),
    serial: dataset.text('00181000'),
    software: dataset.texts('00181020').filter((text) => text !== ''),
  });
}
