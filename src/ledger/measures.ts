/**
 * A month as FHIR R4 Measures and MeasureReports (4.2 of the facts): what each share is of, its numbers, and the same by
 * facility, level, class of item, specialty, visit, payer and doctor. Each as it stands in the report: nothing is added.
 */
import { uuidOf } from '../base/digest.ts';
import { DIMENSIONS, type Figures, type MonthReport } from '../terms/month-report.ts';
import { ASKED_SHARES } from './month-report.ts';

const BASE = 'urn:concord:measure';
const VERSION = '2';
const POPULATION = 'http://terminology.hl7.org/CodeSystem/measure-population';
const SCORING = 'http://terminology.hl7.org/CodeSystem/measure-scoring';

/** What the numerator and the denominator of each share count. */
const MEANING: Readonly<Record<string, readonly [numerator: string, denominator: string]>> = {
  'recognisable-rate': ['orders asked about with a result that may be used', 'orders asked about'],
  'offer-coverage': ['offers made', 'orders asked about with a result that may be used or looked at'],
  'recognition-rate': ['offers accepted', 'offers accepted, or refused for a reason that counts'],
  'recognition-of-recognisable': ['offers accepted', 'orders asked about with a result that may be used'],
  'ignore-rate': ['offers without an answer', 'offers made'],
  'confirmed-repeat-rate': [
    'fen of accepted charges that were done again within their term',
    'fen of accepted charges',
  ],
  'net-fen-per-visit': ['fen of accepted charges that were not done again', 'visits with an order asked about'],
  'asked-share': ['known orders that were asked about', 'orders known from feeds'],
  'missed-share-of-repeats': ['charges done again without a reason', 'charges done again although they were there'],
};

/** A Bundle of type collection. */
export function measuresOf(report: MonthReport): object {
  const entry = report.indicators.flatMap(({ id, numerator, denominator, of }) => [
    named(`${BASE}:${id}|${VERSION}`, measure(id, of)),
    named(
      `${BASE}:${id}|${VERSION} ${report.month} ${report.asOf}`,
      measureReport(report, id, { numerator, denominator }),
    ),
  ]);
  return { resourceType: 'Bundle', type: 'collection', entry };
}

function named(name: string, resource: object): object {
  return { fullUrl: `urn:uuid:${uuidOf(name)}`, resource };
}

function measure(id: string, of: 'asked' | 'known'): object {
  const [numerator = '', denominator = ''] = MEANING[id] ?? [];
  const population = (code: string, says: string): object => ({
    ...populationCode(code),
    criteria: { language: 'text/plain', expression: says },
  });
  return {
    resourceType: 'Measure',
    url: `${BASE}:${id}`,
    version: VERSION,
    name: id.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase()),
    title: `${numerator} / ${denominator}`,
    status: 'active',
    description: of === 'asked' ? 'The denominator is of orders asked about.' : 'The denominator is of what is known.',
    scoring: { coding: [{ system: SCORING, code: 'ratio' }] },
    group: [{ population: [population('numerator', numerator), population('denominator', denominator)] }],
  };
}

interface Share {
  readonly numerator: number;
  readonly denominator: number;
}

function measureReport(report: MonthReport, id: string, total: Share): object {
  const share = ASKED_SHARES.find((one) => one.id === id);
  const strata = share === undefined ? [] : DIMENSIONS.map((dimension) => stratifier(report, dimension, share));
  return {
    resourceType: 'MeasureReport',
    status: 'complete',
    type: 'summary',
    measure: `${BASE}:${id}|${VERSION}`,
    date: report.asOf,
    period: { start: report.month, end: report.month },
    group: [{ ...counted(total), ...(strata.length === 0 ? {} : { stratifier: strata }) }],
  };
}

function stratifier(
  report: MonthReport,
  dimension: (typeof DIMENSIONS)[number],
  { numerator, denominator }: (typeof ASKED_SHARES)[number],
): object {
  return {
    code: [{ text: dimension }],
    stratum: report.by[dimension].map(({ key, ...figures }) => ({
      value: { text: key === '' ? 'not stated' : key },
      ...counted({ numerator: numerator(figures as Figures), denominator: denominator(figures as Figures) }),
    })),
  };
}

/** No score where there is nothing to divide by. */
function counted({ numerator, denominator }: Share): object {
  return {
    population: [
      { ...populationCode('numerator'), count: numerator },
      { ...populationCode('denominator'), count: denominator },
    ],
    ...(denominator === 0 ? {} : { measureScore: { value: Number((numerator / denominator).toFixed(6)) } }),
  };
}

function populationCode(code: string): object {
  return { code: { coding: [{ system: POPULATION, code }] } };
}
