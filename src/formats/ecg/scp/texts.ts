/** Texts of SCP-ECG by the language code of its acquiring device (EN 1064, 5.4.3.1, tag 14, byte 17). */
import type { ProblemList } from '../../../base/problem-list.ts';

/** Codes without bit 0 are ASCII. */
const LANGUAGES: Readonly<Record<number, string>> = {
  1: 'iso-8859-1',
  3: 'iso-8859-2',
  7: 'utf-16le',
  11: 'iso-8859-4',
  19: 'iso-8859-5',
  27: 'iso-8859-6',
  35: 'iso-8859-7',
  43: 'iso-8859-8',
  51: 'windows-874',
  59: 'iso-8859-15',
  15: 'shift_jis',
  23: 'iso-2022-jp',
  31: 'euc-jp',
  39: 'gb18030',
  47: 'euc-kr',
};

export interface Texts {
  read(bytes: Uint8Array, at: string): string | undefined;
}

/** Texts end at their first NUL. Bytes that the language cannot have are read as UTF-8 or GB18030, and told. */
export function textsIn(language: number, problems: ProblemList): Texts {
  const label = LANGUAGES[language] ?? 'us-ascii';
  return {
    read(bytes, at) {
      const wide = label === 'utf-16le';
      const own = trimmed(bytes, wide);
      if (own.length === 0) return undefined;
      const stated = label === 'us-ascii' ? ascii(own) : decoded(own, label);
      let text = stated;
      for (const guess of ['utf-8', 'gb18030', 'iso-8859-1']) text ??= decoded(own, guess);
      if (stated === undefined) problems.add('ecg/text-guessed', 'warning', at);
      const shown = text?.trim();
      return shown === '' ? undefined : shown;
    },
  };
}

function trimmed(bytes: Uint8Array, wide: boolean): Uint8Array {
  const step = wide ? 2 : 1;
  for (let k = 0; k + step <= bytes.length; k += step)
    if (bytes[k] === 0 && (!wide || bytes[k + 1] === 0)) return bytes.subarray(0, k);
  return bytes;
}

function ascii(bytes: Uint8Array): string | undefined {
  return bytes.every((byte) => byte < 0x80) ? decoded(bytes, 'utf-8') : undefined;
}

function decoded(bytes: Uint8Array, label: string): string | undefined {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
