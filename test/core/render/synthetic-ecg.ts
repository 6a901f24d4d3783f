/** A made-up recording of nobody: P, Q, R, S and T as Gaussians, the same bytes whenever it is made. */
import type { Decimal } from '../../../src/base/decimal.ts';
import { leadNumber } from '../../../src/signals/leads.ts';
import type { Ecg, EcgGroup, EcgLead } from '../../../src/terms/parsed/ecg.ts';

export const decimal = (text: string): Decimal => text as Decimal;

export const INDEPENDENT = ['I', 'II', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'] as const;
export const ALL_TWELVE = ['I', 'II', 'III', 'aVR', 'aVL', 'aVF', 'V1', 'V2', 'V3', 'V4', 'V5', 'V6'] as const;

/** Heights in mV of P, Q, R, S, T. */
const WAVES: Readonly<Record<string, readonly [number, number, number, number, number]>> = {
  I: [0.08, -0.05, 0.7, -0.12, 0.2],
  II: [0.14, -0.08, 1.2, -0.2, 0.32],
  V1: [0.06, 0, 0.25, -1.1, -0.08],
  V2: [0.07, 0, 0.5, -1.6, 0.45],
  V3: [0.08, 0, 0.9, -1.1, 0.55],
  V4: [0.08, -0.05, 1.5, -0.6, 0.5],
  V5: [0.08, -0.08, 1.4, -0.25, 0.4],
  V6: [0.08, -0.08, 1.0, -0.1, 0.3],
};

/** Seconds from the R peak, and widths, of P, Q, R, S, T. */
const TIMES = [-0.16, -0.03, 0, 0.03, 0.25];
const WIDTHS = [0.022, 0.008, 0.011, 0.009, 0.045];

/** µV of the smallest step. */
const STEP = 2.5;

export function wave(lead: string, seconds: number): number {
  const heights = WAVES[lead] ?? [0, 0, 0, 0, 0];
  const beat = 60 / 72;
  const phase = ((seconds + 0.4) % beat) - 0.35;
  return heights.reduce(
    (sum, height, k) => {
      const away = (phase - (TIMES[k] as number)) / (WIDTHS[k] as number);
      return sum + height * Math.exp(-0.5 * away * away);
    },
    0.02 * Math.sin(2 * Math.PI * 0.3 * seconds),
  );
}

export interface Recipe {
  readonly leads?: readonly string[];
  readonly hz?: number;
  readonly seconds?: number;
  /** mV of a lead at a second of the recording. */
  readonly signal?: (lead: string, seconds: number) => number;
}

export function syntheticLead(name: string, { hz = 500, seconds = 10, signal = wave }: Recipe = {}, from = 0): EcgLead {
  const number = leadNumber(name);
  const samples = Int32Array.from({ length: Math.round(seconds * hz) }, (_, k) =>
    Math.round((signal(name, from + k / hz) * 1000) / STEP),
  );
  const known = number === undefined ? {} : { number };
  return { name, ...known, samples, scale: decimal(String(STEP)), offset: decimal('0'), at: `lead[${name}]` };
}

export function syntheticGroup(recipe: Recipe = {}, from = 0): EcgGroup {
  const { leads = INDEPENDENT, hz = 500 } = recipe;
  return {
    kind: 'rhythm',
    rate: { hz: decimal(String(hz)), periodMs: decimal(String(1000 / hz)) },
    leads: leads.map((name) => syntheticLead(name, recipe, from)),
    at: 'group[1]',
  };
}

export function syntheticEcg(recipe: Recipe = {}, rest: Partial<Ecg> = {}): Ecg {
  return {
    format: 'aecg',
    groups: [syntheticGroup(recipe)],
    medians: [],
    patient: {
      identifiers: [{ value: '0000001234', at: 'id' }],
      name: '测试甲',
      birthDate: '1961-04-09',
      sex: 'female',
      age: { value: decimal('65'), unit: 'a' },
      at: 'patient',
    },
    acquisition: {
      start: '2026-11-03T08:15:30+08:00',
      facility: '示例县第一人民医院',
      department: '心电图室',
      order: 'ECG20261103001',
      reason: '胸闷三天',
      technician: '技师甲',
    },
    device: { maker: 'Example', model: 'Cardio 12', software: '2.1' },
    filters: { highPassHz: decimal('0.05'), lowPassHz: decimal('150'), notchHz: decimal('50') },
    measurements: [
      { kind: 'ventricular-rate', value: decimal('72'), at: 'm' },
      { kind: 'pr', value: decimal('160'), at: 'm' },
      { kind: 'qrs', value: decimal('92'), at: 'm' },
      { kind: 'qt', value: decimal('400'), at: 'm' },
      { kind: 'qtc-bazett', value: decimal('438'), at: 'm' },
      { kind: 'p-axis', value: decimal('48'), at: 'm' },
      { kind: 'qrs-axis', value: decimal('61'), at: 'm' },
      { kind: 't-axis', value: decimal('55'), at: 'm' },
      { kind: 'r-v5', value: decimal('1.40'), at: 'm' },
      { kind: 's-v1', value: decimal('1.10'), at: 'm' },
    ],
    statements: [
      { text: '窦性心律', kind: 'statement', by: 'machine', at: 's' },
      { text: '正常心电图', kind: 'summary', by: 'machine', at: 's' },
    ],
    confirmed: 'unconfirmed',
    ...rest,
  };
}
