/** The same twenty results of made-up people twice: as a FHIR transaction and as an HL7 message. */
import { oru, residentNumber, type TestMessage } from '../support/messages.ts';

/** The ten first are catalogue items and are mapped by the test's facilities as far as these have them. */
export const CODES = 'WBC RBC HGB HCT PLT K NA CL CA GLU ALT AST TBIL DBIL TP ALB GGT ALP UREA CREA'.split(' ');
const LOCAL = 'urn:example:local';

export function personOf(person: number): NonNullable<TestMessage['patient']> {
  return {
    mrn: `M${person}`,
    national: residentNumber('1970-03-05', person + 1),
    name: `试验${person}`,
    birthDate: '19700305',
    sex: person % 2 === 0 ? 'M' : 'F',
  };
}

export function messageOf(n: number, persons: number): string {
  return oru({
    controlId: `T${n}`,
    patient: personOf(n % persons),
    results: CODES.map((code, place) => `NM|${code}^项目^L||${valueOf(place)}|mmol/L|1-40||||F`),
  });
}

/** A Patient that is known, a report and its results: 22 entries. */
export function transactionOf(n: number, persons: number): object {
  const { mrn, national = '', name, birthDate, sex } = personOf(n % persons);
  const patient = uuid(n, 99);
  const subject = { reference: patient };
  const results = CODES.map((code, place) => ({
    fullUrl: uuid(n, place),
    resource: {
      resourceType: 'Observation',
      identifier: [{ system: LOCAL, value: `T${n}.${place}` }],
      status: 'final',
      category: [
        { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'laboratory' }] },
      ],
      code: { coding: [{ code, display: '项目' }] },
      subject,
      effectiveDateTime: '2026-03-01T08:30:00+08:00',
      issued: '2026-03-01T10:15:00+08:00',
      valueQuantity: { value: valueOf(place), unit: 'mmol/L' },
      referenceRange: [{ text: '1-40' }],
    },
    request: { method: 'POST', url: 'Observation' },
  }));
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: [
      {
        fullUrl: patient,
        resource: {
          resourceType: 'Patient',
          identifier: [
            { type: { coding: [{ code: 'PI' }] }, value: mrn },
            { system: 'urn:oid:2.16.156.10011.1.3', value: national },
          ],
          name: [{ text: name }],
          birthDate: birthDate.replace(/^(....)(..)(..)$/, '$1-$2-$3'),
          gender: sex === 'M' ? 'male' : 'female',
        },
        request: { method: 'POST', url: 'Patient' },
      },
      {
        fullUrl: uuid(n, 98),
        resource: {
          resourceType: 'DiagnosticReport',
          identifier: [{ system: LOCAL, value: `T${n}` }],
          status: 'final',
          code: { text: '检验报告' },
          subject,
          effectiveDateTime: '2026-03-01T08:30:00+08:00',
          result: results.map(({ fullUrl }) => ({ reference: fullUrl })),
        },
        request: { method: 'POST', url: 'DiagnosticReport' },
      },
      ...results,
    ],
  };
}

function valueOf(place: number): number {
  return (place + 1) * 1.5;
}

function uuid(n: number, place: number): string {
  return `urn:uuid:00000000-0000-4000-8000-${String(n).padStart(8, '0')}${String(place).padStart(4, '0')}`;
}
