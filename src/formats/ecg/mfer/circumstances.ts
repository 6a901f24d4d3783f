/** Tags of MFER that say whose recording it is, when and by what it was made, and what was filtered. */
import type { EcgDevice } from '../../../terms/parsed/ecg.ts';
import type { EcgDraft } from '../draft.ts';
import { dateTimeOfParts, decimalOf, numberOf, present } from '../values.ts';
import type { Definitions } from './definitions.ts';

export function readCircumstance(
  tag: number,
  value: Uint8Array,
  { definitions, at }: { readonly definitions: Definitions; readonly at: string },
  draft: EcgDraft,
): void {
  const text = (): string | undefined => textIn(value, definitions.textCode);
  switch (tag) {
    case 0x81:
      draft.patient = present({ ...draft.patient, name: text(), at });
      return;
    case 0x82: {
      const id = text();
      if (id !== undefined) draft.patient = { ...draft.patient, identifiers: [{ value: id, at }] };
      return;
    }
    case 0x83:
      readAge(value, definitions, draft);
      return;
    case 0x84: {
      const sex = ({ 0: 'unknown', 1: 'male', 2: 'female' } as const)[(value[0] ?? 9) as 0 | 1 | 2];
      draft.patient = present({ ...draft.patient, sex });
      return;
    }
    case 0x85:
      readTime(value, definitions, at, draft);
      return;
    case 0x11:
      readFilter(text() ?? '', draft);
      return;
    case 0x17: {
      const [maker, model, software] = (text() ?? '').split('^').map((part) => (part === '' ? undefined : part));
      draft.device = present<EcgDevice>({ maker, model, software });
      return;
    }
    case 0x16: {
      const comment = text();
      if (comment !== undefined) draft.statements.push({ text: comment, kind: 'comment', by: 'unknown', at });
      return;
    }
    default:
  }
}

/** Years u8, days u16, then year u16, month u8, day u8 of birth; zeros are not stated. */
function readAge(value: Uint8Array, definitions: Definitions, draft: EcgDraft): void {
  const years = value[0] ?? 0;
  const year = definitions.unsigned(value.subarray(3, 5)) ?? 0;
  const birthDate = year === 0 ? undefined : dateTimeOfParts([year, value[5] ?? 0, value[6] ?? 0]);
  const age = years === 0 || years === 255 ? undefined : ({ value: decimalOf(years), unit: 'a' } as const);
  draft.patient = present({ ...draft.patient, age, birthDate });
}

function readTime(value: Uint8Array, definitions: Definitions, at: string, draft: EcgDraft): void {
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = value.subarray(2, 7);
  const date = [definitions.unsigned(value.subarray(0, 2)) ?? 0, month, day] as const;
  if (value.length < 7) {
    const start = dateTimeOfParts(date);
    if (start !== undefined) draft.acquisition = { ...draft.acquisition, start, startAt: at };
    return;
  }
  const ms = definitions.unsigned(value.subarray(7, 9)) ?? 0;
  const fraction = ms > 0 && ms < 1000 ? String(ms).padStart(3, '0') : undefined;
  const time = fraction === undefined ? ([hour, minute, second] as const) : ([hour, minute, second, fraction] as const);
  const start = dateTimeOfParts(date, time);
  if (start === undefined) draft.problems.add('ecg/time-impossible', 'warning', at);
  else draft.acquisition = { ...draft.acquisition, start, startAt: at };
}

/** `HPF=0.05`, `LPF=150`, `BEF=50`, with or without a unit. */
function readFilter(text: string, draft: EcgDraft): void {
  for (const [, key, number] of text.matchAll(/\b(HPF|LPF|BEF)\s*=\s*([0-9.]{1,10})/gi)) {
    const hz = numberOf(number);
    if (hz === undefined || !(Number(hz) > 0)) continue;
    const name = ({ HPF: 'highPassHz', LPF: 'lowPassHz', BEF: 'notchHz' } as const)[(key ?? '').toUpperCase() as 'HPF'];
    draft.filters = { ...draft.filters, [name]: hz };
  }
}

const LABELS: readonly (readonly [RegExp, string])[] = [
  [/^UTF-?16LE|^UNICODE/i, 'utf-16le'],
  [/^UTF-?16/i, 'utf-16be'],
  [/^UTF-?8/i, 'utf-8'],
  [/GB|936/i, 'gb18030'],
  [/JIS|932/i, 'shift_jis'],
  [/8859-1|LATIN/i, 'iso-8859-1'],
];

/** Without a known code: UTF-8 where it is that, else GB18030. NUL and blanks around are gone; undefined when empty. */
export function textIn(bytes: Uint8Array, code: string): string | undefined {
  const label = LABELS.find(([pattern]) => pattern.test(code))?.[1];
  for (const one of [label, 'utf-8', 'gb18030', 'iso-8859-1']) {
    if (one === undefined) continue;
    try {
      const text = new TextDecoder(one, { fatal: true }).decode(bytes).replaceAll('\0', '').trim();
      return text === '' ? undefined : text;
    } catch {
      // The next label.
    }
  }
  return undefined;
}
