/** The measurements of a page, as the file states them: nothing is measured anew and nothing is rounded. */
import type { Ecg, EcgMeasurement, EcgMeasurementKind } from '../terms/parsed/ecg.ts';
import type { Messages } from './messages.ts';
import { plainText } from './plain-text.ts';

export interface MeasurementRow {
  readonly label: string;
  /** One text a number of the row; undefined where the file states none. */
  readonly values: readonly (string | undefined)[];
  readonly unit: string;
}

/** Corrected QT in the order of preference; its formula is named, since two of them differ by tens of ms. */
const CORRECTED: readonly (readonly [EcgMeasurementKind, string])[] = [
  ['qtc', 'QTc'],
  ['qtc-bazett', 'QTcB'],
  ['qtc-fridericia', 'QTcF'],
  ['qtc-framingham', 'QTcFr'],
  ['qtc-hodges', 'QTcH'],
];

/** A number has at most so many characters on a page. */
const VALUE_MAX = 10;

export interface Measured {
  readonly rows: readonly MeasurementRow[];
  /** Some number was changed by a person, and bears a star. */
  readonly edited: boolean;
}

export function measurementRows(ecgs: readonly Ecg[], messages: Messages): readonly Measured[] {
  const stated = (kind: EcgMeasurementKind) => ecgs.some((ecg) => valueOf(ecg, kind) !== undefined);
  // Two recordings are compared by one formula, if they have one in common.
  const corrected =
    CORRECTED.find(([kind]) => ecgs.every((ecg) => valueOf(ecg, kind) !== undefined)) ??
    CORRECTED.find(([kind]) => stated(kind)) ??
    (['qtc', 'QTc'] as const);
  const rows: readonly (readonly [string, readonly EcgMeasurementKind[], string, boolean?])[] = [
    ...(stated('ventricular-rate') || !stated('rr')
      ? [[messages.rate, ['ventricular-rate'], messages.perMinute] as const]
      : [['RR', ['rr'], 'ms'] as const]),
    [messages.pr, ['pr'], 'ms'],
    [messages.qrs, ['qrs'], 'ms'],
    [`QT/${corrected[1]}`, ['qt', corrected[0]], 'ms'],
    [messages.axes, ['p-axis', 'qrs-axis', 't-axis'], '°'],
    ['RV5/SV1', ['r-v5', 's-v1'], 'mV', true],
  ];
  const wanted = rows.filter(([, kinds, , optional]) => optional !== true || kinds.some(stated));
  return ecgs.map((ecg) => {
    const found = wanted.map(([label, kinds, unit]) => ({ label, unit, of: kinds.map((kind) => valueOf(ecg, kind)) }));
    return {
      rows: found.map(({ label, unit, of }) => ({ label, unit, values: of.map(printed) })),
      edited: found.some(({ of }) => of.some((value) => value?.edited === true)),
    };
  });
}

/** `400/436`, with a dash where the file states nothing. */
export function valuesText(values: MeasurementRow['values'], unit: string): string {
  if (values.every((value) => value === undefined)) return '–';
  return `${values.map((value) => value ?? '–').join('/')}${unit === '°' || unit === '' ? '' : ' '}${unit}`;
}

/** Later less earlier, as exact as the two are written; undefined when one is missing or no plain number. */
export function differenceText(earlier: string | undefined, later: string | undefined): string | undefined {
  const [before, after] = [earlier, later].map((text) => text?.replace('*', ''));
  if (before === undefined || after === undefined || !isPlain(before) || !isPlain(after)) return undefined;
  const digits = Math.max(decimalsOf(before), decimalsOf(after));
  const difference = (Number(after) - Number(before)).toFixed(digits);
  if (Number(difference) === 0) return '0';
  return difference.startsWith('-') ? difference.replace('-', '−') : `+${difference}`;
}

/** The whole QRS complex's value; a person's before the machine's. */
function valueOf(ecg: Ecg, kind: EcgMeasurementKind): EcgMeasurement | undefined {
  const found = ecg.measurements.filter((one) => one.kind === kind && one.lead === undefined);
  return found.find(({ edited }) => edited === true) ?? found[0];
}

function printed(measurement: EcgMeasurement | undefined): string | undefined {
  const text = plainText(measurement?.value, VALUE_MAX);
  return text === undefined ? undefined : `${text}${measurement?.edited === true ? '*' : ''}`;
}

function isPlain(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text);
}

function decimalsOf(text: string): number {
  return text.split('.')[1]?.length ?? 0;
}
