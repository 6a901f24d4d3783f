/** Small true-to-life ORU^R01 of made-up people, for tests that need many: one OBR, five OBX. */
import { readNationalId } from '../../src/identity/national-id.ts';

export interface TestMessage {
  readonly controlId: string;
  /** OBR-3; default made of the control id. */
  readonly filler?: string;
  readonly patient?: {
    readonly mrn: string;
    readonly national?: string;
    readonly name: string;
    readonly birthDate: string;
    readonly sex: 'M' | 'F';
  };
  /** YYYYMMDDHHMMSS. */
  readonly collected?: string;
  readonly reported?: string;
  readonly status?: string;
  readonly processing?: string;
  /** Raw OBX lines after `OBX|n|`; default five blood count values. */
  readonly results?: readonly string[];
  readonly ackMode?: string;
  /** OBR-15; without one a check of the specimen cannot pass. */
  readonly specimen?: string;
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** A resident number of the impossible area 000000 with the right check digit (GB 11643). */
export function residentNumber(birthDate: string, sequence: number): string {
  const body = `000000${birthDate.replaceAll('-', '')}${String(sequence).padStart(3, '0')}`;
  const sum = Array.from(body).reduce((total, digit, index) => total + Number(digit) * (WEIGHTS[index] as number), 0);
  const number = body + '10X98765432'[sum % 11];
  if (readNationalId(number) === undefined) throw new Error('a test number that is none');
  return number;
}

export const ZHANG = {
  mrn: 'M0001',
  national: residentNumber('1970-03-05', 11),
  name: '张试验',
  birthDate: '19700305',
  sex: 'M',
} as const;

export const BLOOD_COUNT = [
  'NM|WBC^白细胞^L||6.2|10^9/L|3.5-9.5||||F',
  'NM|RBC^红细胞^L||4.71|10^12/L|4.3-5.8||||F',
  'NM|HGB^血红蛋白^L||141|g/L|130-175||||F',
  'NM|HCT^红细胞压积^L||42.0|%|40-50||||F',
  'NM|PLT^血小板^L||201|10^9/L|125-350||||F',
];

/** Four charges by themselves, all without a flag. */
export const ELECTROLYTES = [
  'NM|K^钾^L||4.1|mmol/L|3.5-5.3||||F',
  'NM|NA^钠^L||140|mmol/L|137-147||||F',
  'NM|CL^氯^L||103|mmol/L|99-110||||F',
  'NM|CA^钙^L||2.31|mmol/L|2.11-2.52||||F',
];

export function oru(message: TestMessage): string {
  const { controlId, collected = '20260301083000', reported = '20260301101500', status = 'F' } = message;
  const patient = message.patient ?? ZHANG;
  const national = 'national' in patient && patient.national !== undefined ? `~${patient.national}^^^^NI` : '';
  const segments = [
    `MSH|^~\\&|LIS|TEST|HIE|REGION|${reported}||ORU^R01|${controlId}|${message.processing ?? 'P'}|2.4|||${message.ackMode ?? ''}|||UNICODE UTF-8`,
    `PID|1||${patient.mrn}^^^^PI${national}||${patient.name}||${patient.birthDate}|${patient.sex}`,
    `OBR|1||${message.filler ?? `R${controlId}`}|CBC^血细胞分析^L|||${collected}||||||||${message.specimen ?? ''}|||||||${reported}|||${status}`,
    ...(message.results ?? BLOOD_COUNT).map((line, index) => `OBX|${index + 1}|${line}`),
  ];
  return `${segments.join('\r')}\r`;
}
