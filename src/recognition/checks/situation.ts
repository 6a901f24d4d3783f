/**
 * Situation: nothing about the patient asks for a new result whatever there is (facts 1.2: emergency, before surgery or a
 * transfusion; acute symptoms, ecg.md 6.6; age and pregnancy, for which intervals are not made). What is not said is unknown.
 */
import type { SituationRow } from '../../terms/catalogue.ts';
import type { Bilingual, CheckResult, CheckState } from '../../terms/check.ts';
import type { DecideInput } from '../../terms/decide-input.ts';
import { localDay } from '../../base/local-day.ts';
import { situationsOf } from '../catalogue-index.ts';
import { result } from '../check-context.ts';
import type { CheckContext } from '../check-context.ts';

export const code = 'situation';

export function check({ input, item }: CheckContext): CheckResult {
  const rules = situationsOf(input.catalogue, item.id);
  if (rules.length === 0) {
    return result(code, 'not-applicable', {
      zh: '该项目不因患者情况而限制',
      en: 'No situation of the patient forbids using this item',
    });
  }
  let open: SituationRow | undefined;
  for (const rule of rules) {
    const state = stateOf(rule, input);
    if (state === 'failed') return result(code, 'failed', sentence(rule, FORBIDS));
    if (state === 'unknown') open ??= rule;
  }
  if (open !== undefined) return result(code, 'unknown', sentence(open, NOT_SAID));
  return result(code, 'passed', {
    zh: '患者没有须重新检查的情况',
    en: 'Nothing about the patient asks for a new result',
  });
}

function stateOf(
  { situation, years }: SituationRow,
  { circumstances, orders, at, regionZone }: DecideInput,
): CheckState {
  const { birthDate, sex, situations } = circumstances;
  switch (situation) {
    case 'younger-than':
    case 'older-than': {
      const age = birthDate === undefined ? undefined : ageBetween(birthDate, localDay(at, regionZone));
      if (age === undefined) return 'unknown';
      // A year of birth alone leaves a year open; a limit that lies within it is not known to be kept.
      const [keeps, breaks] =
        situation === 'younger-than' ? [age.least >= years, age.most < years] : [age.most <= years, age.least > years];
      if (keeps) return 'passed';
      return breaks ? 'failed' : 'unknown';
    }
    case 'emergency':
      // An order that must be done at once says so by itself.
      if (orders.some(({ order }) => order.priority === 'stat')) return 'failed';
      if (situations === undefined && orders.every(({ order }) => order.priority !== undefined)) return 'passed';
      break;
    case 'pregnant':
      if (sex === 'male') return 'passed';
      break;
    case 'surgery-ahead':
    case 'transfusion-ahead':
    case 'acute-symptoms':
      break;
  }
  if (situations === undefined) return 'unknown';
  return situations.includes(situation) ? 'failed' : 'passed';
}

/** Whole years between a birth date (a year, a month or a day) and a day; undefined when it lies in the future. */
function ageBetween(birthDate: string, day: string): { least: number; most: number } | undefined {
  const oldest = yearsBetween(birthDate.padEnd(7, '-01').padEnd(10, '-01'), day);
  const youngest = yearsBetween(birthDate.padEnd(7, '-12').padEnd(10, '-31'), day);
  return Number.isNaN(oldest) || oldest < 0 ? undefined : { least: Math.max(0, youngest), most: oldest };
}

function yearsBetween(from: string, to: string): number {
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4));
  return to.slice(5) < from.slice(5) ? years - 1 : years;
}

const FORBIDS: Bilingual = { zh: '，应重新检查', en: ', so it should be done again' };
const NOT_SAID: Bilingual = { zh: '：未说明', en: ': not said' };

function sentence({ situation, years }: SituationRow, end: Bilingual): Bilingual {
  const { zh, en } = WORDS[situation];
  const [of, from] = years === 0 ? ['', ''] : [` ${years} 岁`, ` ${years} years`];
  return { zh: `${zh}${of}${end.zh}`, en: `${en}${from}${end.en}` };
}

const WORDS: Readonly<Record<SituationRow['situation'], Bilingual>> = {
  'younger-than': { zh: '患者未满', en: 'The patient is younger than' },
  'older-than': { zh: '患者超过', en: 'The patient is older than' },
  pregnant: { zh: '妊娠', en: 'Pregnancy' },
  'surgery-ahead': { zh: '手术前', en: 'Surgery is ahead' },
  'transfusion-ahead': { zh: '输血前', en: 'A transfusion is ahead' },
  emergency: { zh: '急诊、急救', en: 'An emergency' },
  'acute-symptoms': { zh: '急性症状（胸痛、晕厥、心悸等）', en: 'Acute symptoms (chest pain, syncope, palpitations)' },
};
