/** ISHNE Holter format 1.0 (Badilini, 1998): a header of 522 bytes, a block of any length, then interleaved 16-bit samples. */
import { LIMITS } from '../../base/limits.ts';
import type { Parsed } from '../../base/problem.ts';
import { leadName } from '../../signals/leads.ts';
import type { Ecg, EcgAcquisition, EcgDevice, EcgPatient } from '../../terms/parsed/ecg.ts';
import { crcCcitt } from './crc.ts';
import { draftOf, finish, unreadable } from './draft.ts';
import { readInt16 } from './integers.ts';
import { dateTimeOfParts, decimalOf, powerOfTen, present, rateOfHz, ZERO } from './values.ts';

const HEADER = 522;
const LEADS_MAX = 12;
/** Lead numbers of ours by ISHNE's specification code. */
const LEADS: Readonly<Record<number, number>> = {
  2: 16,
  3: 17,
  4: 18,
  5: 1,
  6: 2,
  7: 61,
  8: 62,
  9: 63,
  10: 64,
  11: 3,
  12: 4,
  13: 5,
  14: 6,
  15: 7,
  16: 8,
};
const OTHER_LEADS: Readonly<Record<number, string>> = { 0: '?', 1: 'bipolar', 17: 'ES', 18: 'AS', 19: 'AI' };

export function readIshne(bytes: Uint8Array): Parsed<Ecg> {
  const draft = draftOf('ishne');
  const { problems } = draft;
  problems.add('ecg/variant-unproven', 'warning', 'header');
  if (bytes.length < HEADER) return unreadable(draft, 'ecg/file-cut', 'header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const short = (at: number): number => view.getInt16(at, true);
  const text = (at: number, length: number): string | undefined => textAt(bytes.subarray(at, at + length));
  const begin = view.getInt32(22, true);
  const leads = short(156);
  if (begin < HEADER || begin > bytes.length || leads < 1 || leads > LEADS_MAX)
    return unreadable(draft, 'ecg/header-unreadable', 'byte 22');
  if (crcCcitt(bytes, 10, begin) !== view.getUint16(8, true)) problems.add('ecg/crc-wrong', 'error', 'header');
  const [day, month, year] = [short(138), short(140), short(142)];
  draft.patient = present<EcgPatient>({
    identifiers: text(108, 20) === undefined ? [] : [{ value: text(108, 20) as string, at: 'byte 108' }],
    given: text(28, 40),
    family: text(68, 40),
    sex: ({ 1: 'male', 2: 'female' } as const)[short(128) as 1 | 2],
    birthDate: dateTimeOfParts([short(136), short(134), short(132)]),
    at: 'byte 28',
  });
  draft.acquisition = present<EcgAcquisition>({
    start: dateTimeOfParts([year, month, day], [short(150), short(152), short(154)]),
    startAt: 'byte 138',
  });
  draft.device = present<EcgDevice>({ model: text(232, 40) });
  const rate = rateOfHz(decimalOf(short(272)));
  if (rate === undefined) problems.add('ecg/rate-missing', 'error', 'byte 272');
  const frames = Math.floor((bytes.length - begin) / 2 / leads);
  const stated = view.getInt32(14, true);
  // Writers count the samples of one lead, or of all.
  if (stated > frames && stated !== frames * leads) problems.add('ecg/fewer-samples', 'warning', 'byte 14');
  if (rate === undefined || frames === 0) return finish(draft);
  const count = stated > 0 && stated < frames ? stated : frames;
  const data = bytes.subarray(begin, begin + Math.min(count * leads, LIMITS.ecgSamplesMax) * 2);
  draft.groups.push({
    kind: 'rhythm',
    rate,
    leads: Array.from({ length: leads }, (_, k) => {
      const at = `byte ${158 + k * 2}`;
      const code = short(158 + k * 2);
      const number = LEADS[code];
      if (number === undefined) problems.add('ecg/lead-unknown', 'warning', at);
      const nanovolts = short(206 + k * 2);
      const scale = nanovolts > 0 ? powerOfTen(decimalOf(nanovolts), -3) : undefined;
      if (scale === undefined) problems.add('ecg/scale-missing', 'error', `byte ${206 + k * 2}`);
      return {
        name: (number === undefined ? OTHER_LEADS[code] : leadName(number)) ?? `ISHNE ${code}`,
        ...(number === undefined ? {} : { number }),
        samples: readInt16(data, k, leads),
        ...(scale === undefined ? {} : { scale }),
        offset: ZERO,
        at,
      };
    }),
    at: `byte ${begin}`,
  });
  return finish(draft);
}

function textAt(bytes: Uint8Array): string | undefined {
  const end = bytes.indexOf(0);
  const own = end < 0 ? bytes : bytes.subarray(0, end);
  for (const label of ['utf-8', 'gb18030', 'iso-8859-1']) {
    try {
      const text = new TextDecoder(label, { fatal: true }).decode(own).trim();
      return text === '' ? undefined : text;
    } catch {
      // The next label.
    }
  }
  return undefined;
}
