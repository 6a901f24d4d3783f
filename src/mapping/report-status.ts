/** DiagnosticReport.status from OBR-25, else from its results; and the status that OBR-25 lends to results. */
import type { DiagnosticReport } from 'fhir/r4';
import type { Observation } from '../terms/fhir.ts';

type ReportStatus = DiagnosticReport['status'];
type ResultStatus = Observation['status'];

const OPEN: ReadonlySet<ResultStatus> = new Set(['registered', 'preliminary', 'unknown']);

/** All results agree, or the report is as far as its least advanced result. */
export function statusOfReport(results: readonly ResultStatus[]): ReportStatus {
  const [first] = results;
  if (first === undefined) return 'unknown';
  const standing = results.filter((status) => status !== 'entered-in-error' && status !== 'cancelled');
  if (standing.length === 0) return results.every((status) => status === first) ? first : 'cancelled';
  if (standing.every((status) => status === 'unknown')) return 'unknown';
  if (standing.every((status) => status === 'registered')) return 'registered';
  if (standing.some((status) => OPEN.has(status)))
    return standing.every((status) => OPEN.has(status)) ? 'preliminary' : 'partial';
  if (standing.includes('corrected')) return 'corrected';
  return standing.includes('amended') ? 'amended' : 'final';
}

/** Results without OBX-11 under a final or corrected report; anything else says nothing about them. */
export function statusOfResults(letter: string | undefined): ResultStatus {
  return letter === 'F' ? 'final' : letter === 'C' ? 'corrected' : 'unknown';
}

/** The whole report is taken back (SETTLED 19; W and D are not in table 0123, but seen). */
export function isRetracted(letter: string | undefined): boolean {
  return letter === 'X' || letter === 'D' || letter === 'W';
}
