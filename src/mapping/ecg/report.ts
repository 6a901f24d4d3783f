/** What a device or a doctor says of an ECG → DiagnosticReport: preliminary until a doctor confirmed it. */
import type { DiagnosticReport, Reference } from 'fhir/r4';
import type { Extension } from '../../terms/fhir.ts';
import type { Ecg } from '../../terms/parsed/ecg.ts';
import type { Run } from '../run.ts';
import { V2 } from '../systems.ts';
import type { DateTimeText } from '../values/date-time.ts';
import { LOINC, STUDY, summaryCode } from './codes.ts';
import { attachmentOf, type EcgSource } from './document.ts';

const CATEGORY = [
  { coding: [{ system: LOINC, code: 'LP29708-2', display: 'Cardiology' }] },
  { coding: [{ system: `${V2}0074`, code: 'EC', display: 'Electrocardiac (e.g., EKG, EEC, Holter)' }] },
];

export function diagnosticReportOf(
  ecg: Ecg,
  source: EcgSource,
  of: {
    readonly id: string;
    /** Id of the DocumentReference of the file. */
    readonly document: string;
    readonly subject: Reference | undefined;
    readonly start: DateTimeText | undefined;
    readonly results: readonly Reference[];
    readonly assumedZone: readonly Extension[];
  },
  run: Run,
): DiagnosticReport & { id: string } {
  const { acquisition, confirmed, statements } = ecg;
  const said = statements.filter(({ kind }) => kind !== 'comment').map(({ text }) => text);
  const codes = statements.flatMap(({ text }) => summaryCode(text) ?? []);
  const { facility, confirmer, order } = acquisition;
  const performer = facility === undefined ? undefined : run.share({ resourceType: 'Organization', name: facility });
  return {
    resourceType: 'DiagnosticReport',
    id: of.id,
    ...(of.assumedZone.length === 0 ? {} : { extension: [...of.assumedZone] }),
    ...(order === undefined
      ? {}
      : {
          identifier: [
            {
              type: { coding: [{ system: `${V2}0203`, code: 'ACSN' }] },
              system: run.localIdentifierSystem,
              value: order,
            },
          ],
        }),
    status: confirmed === 'confirmed' ? 'final' : 'preliminary',
    category: CATEGORY,
    code: { coding: [STUDY] },
    ...(of.subject === undefined ? {} : { subject: of.subject }),
    ...(of.start === undefined ? {} : { effectiveDateTime: of.start.value }),
    ...(performer === undefined ? {} : { performer: [{ ...performer, display: facility }] }),
    ...(confirmer === undefined || confirmed !== 'confirmed' ? {} : { resultsInterpreter: [{ display: confirmer }] }),
    ...(of.results.length === 0 ? {} : { result: [...of.results] }),
    ...(said.length === 0 ? {} : { conclusion: said.join('\n') }),
    ...(codes.length === 0 ? {} : { conclusionCode: codes }),
    ...(ecg.format === 'pdf' ? { presentedForm: [attachmentOf('pdf', source, of.document)] } : {}),
  };
}
