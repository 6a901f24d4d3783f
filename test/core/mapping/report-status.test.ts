/** DiagnosticReport.status where OBR-25 says nothing, and what OBR-25 lends to results (facts 7). */
import { describe, expect, it } from 'vitest';
import { isRetracted, statusOfReport, statusOfResults } from '../../../src/mapping/report-status.ts';
import type { Observation } from '../../../src/terms/fhir.ts';
import { mapSegments, OBR, OBX, observationsOf, PID } from '../../support/oru.ts';

type Status = Observation['status'];

describe('a report without OBR-25', () => {
  it.each<[string, Status[], string]>([
    ['no result', [], 'unknown'],
    ['all final', ['final', 'final'], 'final'],
    ['one corrected', ['final', 'corrected'], 'corrected'],
    ['one amended', ['final', 'amended'], 'amended'],
    ['one still preliminary', ['final', 'preliminary'], 'partial'],
    ['all preliminary', ['preliminary', 'preliminary'], 'preliminary'],
    ['all registered', ['registered'], 'registered'],
    ['all unknown', ['unknown'], 'unknown'],
    ['all in error', ['entered-in-error', 'entered-in-error'], 'entered-in-error'],
    ['all cancelled', ['cancelled'], 'cancelled'],
    ['nothing left standing', ['cancelled', 'entered-in-error'], 'cancelled'],
    ['one retracted beside a final one', ['final', 'entered-in-error'], 'final'],
  ])('with %s is as far as its results', (_what, results, status) => {
    expect(statusOfReport(results)).toBe(status);
  });
});

describe('a result without OBX-11', () => {
  it.each([
    ['F', 'final'],
    ['C', 'corrected'],
    ['P', 'unknown'],
    [undefined, 'unknown'],
  ])('under OBR-25 %s is %s', (letter, status) => {
    expect(statusOfResults(letter)).toBe(status);
  });

  it('keeps an empty status letter, which rules precedence', () => {
    const mapped = mapSegments([PID, OBR, OBX.slice(0, -1)]);
    expect(observationsOf(mapped)[0]?.status).toBe('final');
    expect(mapped.patients[0]?.reports[0]?.elements.at(-1)?.statusLetter).toBe('');
  });
});

describe('a whole report is retracted', () => {
  it.each([['X'], ['D'], ['W']])('by OBR-25 %s', (letter) => {
    expect(isRetracted(letter)).toBe(true);
    expect(mapSegments([PID, OBR.slice(0, -1) + letter, OBX]).patients[0]?.reports[0]?.retracted).toBe(true);
  });

  it.each([['F'], ['C'], ['P'], [undefined]])('not by OBR-25 %s', (letter) => {
    expect(isRetracted(letter)).toBe(false);
  });
});
