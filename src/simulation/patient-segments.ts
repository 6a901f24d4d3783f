/** PID and PV1 in a facility's dialect: where the resident number stands, how name and sex are spelled. */
import { repeated } from '../formats/hl7v2/write.ts';
import type { WrittenField, WrittenSegment } from '../formats/hl7v2/write.ts';
import type { Dialect } from './dialect.ts';
import type { SimulatedFacility } from './facilities.ts';
import type { PatientRecord } from './records.ts';
import { segmentOf } from './segment-of.ts';

export interface LabVisitNumber {
  readonly number: string;
  readonly place: 'outpatient' | 'inpatient' | 'emergency';
}

export function pidOf(facility: SimulatedFacility, record: PatientRecord): WrittenSegment {
  const { dialect } = facility;
  const localType = facility.profile.patientKeyTypes?.[0] ?? 'MR';
  const own = [record.local, '', '', facility.sender === '' ? '' : 'LIS', localType];
  const type = typeInPid3(facility);
  const national = record.number === undefined || type === undefined ? [] : [[record.number, '', '', '', type]];
  return segmentOf('PID', {
    1: '1',
    3: repeated(own, ...national),
    4: dialect.number === 'pid-4-untyped' ? record.number : '',
    5: nameField(dialect, record),
    7: record.birthDay?.replaceAll('-', ''),
    8: sexField(dialect, record.sex),
    19: dialect.number === 'pid-19' ? record.number : '',
  });
}

export function pv1Of({ number, place }: LabVisitNumber): WrittenSegment {
  return segmentOf('PV1', { 1: '1', 2: CLASSES[place], 3: WARDS[place], 19: number });
}

const CLASSES = { outpatient: 'O', inpatient: 'I', emergency: 'E' } as const;
const WARDS = { outpatient: '门诊', inpatient: '住院部', emergency: '急诊科' } as const;

function typeInPid3({ dialect, profile }: SimulatedFacility): string | undefined {
  switch (dialect.number) {
    case 'pid-3-ni':
      return 'NI';
    case 'pid-3-nnchn':
      return 'NNCHN';
    case 'pid-3-own-type':
      return profile.nationalIdType ?? 'NI';
    case 'pid-19':
    case 'pid-4-untyped':
      return undefined;
  }
}

function nameField(dialect: Dialect, { family, given }: PatientRecord): WrittenField {
  const whole = family + given;
  if (dialect.name === 'split' && family !== '') return [family, given];
  if (dialect.name === 'spaced' && Array.from(whole).length === 2) return Array.from(whole).join('　');
  return whole;
}

function sexField(dialect: Dialect, sex: 'male' | 'female' | undefined): WrittenField {
  if (sex === undefined) return '';
  if (dialect.sex === 'digits') return sex === 'male' ? '1' : '2';
  if (dialect.sex === 'words') return sex === 'male' ? '男' : '女';
  return sex === 'male' ? 'M' : 'F';
}
