/**
 * Leads by the one number that SCP-ECG (EN 1064 table of lead ids), MFER (`MWF_LDN`), DICOM (`SCPECG 5.6.3-9-N`, `MDC
 * 2:N`) and IEEE 11073-10101 (`131072 + N`, `131328 + N`) share.
 */
const NAMES: Readonly<Record<number, string>> = {
  1: 'I',
  2: 'II',
  3: 'V1',
  4: 'V2',
  5: 'V3',
  6: 'V4',
  7: 'V5',
  8: 'V6',
  9: 'V7',
  10: 'V2R',
  11: 'V3R',
  12: 'V4R',
  13: 'V5R',
  14: 'V6R',
  15: 'V7R',
  16: 'X',
  17: 'Y',
  18: 'Z',
  61: 'III',
  62: 'aVR',
  63: 'aVL',
  64: 'aVF',
  65: '-aVR',
  66: 'V8',
  67: 'V9',
  68: 'V8R',
  69: 'V9R',
};

const NUMBERS: ReadonlyMap<string, number> = new Map(
  Object.entries(NAMES).map(([number, name]) => [name.toUpperCase(), Number(number)]),
);

/** The eight leads that are measured by themselves; I, II, V1 to V6. */
export const INDEPENDENT_LEADS: readonly number[] = [1, 2, 3, 4, 5, 6, 7, 8];

/** Numbers of the limb leads that follow from I and II. */
export const DERIVED_LEADS = { III: 61, aVR: 62, aVL: 63, aVF: 64 } as const;

/** The twelve leads, in the order of a page. */
export const STANDARD_LEADS: readonly number[] = [1, 2, 61, 62, 63, 64, 3, 4, 5, 6, 7, 8];

/** `aVR` for 62; undefined for a number that is no lead of this list. */
export function leadName(number: number): string | undefined {
  return NAMES[number];
}

/**
 * The number of a lead as devices write it: `aVR`, `AVR`, `Lead aVR`, `Lead I (Einthoven)`, `MDC_ECG_LEAD_V1`,
 * `ECG V1`, NUL and blanks around it. Undefined when it names none.
 */
export function leadNumber(text: string): number | undefined {
  if (text.length > 64) return undefined;
  const bare = text
    .replaceAll('\0', '')
    .trim()
    .replace(/^(?:[A-Z]+_)*ECG_(?:LEAD|ELEC_POTL)_/i, '')
    .replace(/^(?:ECG|EKG|Lead)[ _-]+/i, '')
    .replace(/^Lead[ _-]+/i, '')
    .replace(/\s*\(.*\)$/, '')
    .trim();
  return NUMBERS.get(bare.toUpperCase());
}

/** Code of the lead in IEEE 11073-10101: `MDC_ECG_LEAD_aVR`. */
export function mdcLeadCode(number: number): number {
  return 131_072 + number;
}

/** Code of the potential of the lead, as FHIR's own example has it: `MDC_ECG_ELEC_POTL_aVR`. */
export function mdcPotentialCode(number: number): number {
  return 131_328 + number;
}
