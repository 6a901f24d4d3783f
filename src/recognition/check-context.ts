/** What a check looks at, and how it says what it found. */
import type { Decimal } from '../base/decimal.ts';
import type { CatalogueItem } from '../terms/catalogue.ts';
import type { Bilingual, CheckCode, CheckResult, CheckState } from '../terms/check.ts';
import type { DecideInput } from '../terms/decide-input.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { ResultEntry } from '../terms/result-entry.ts';

export interface CheckContext {
  readonly input: DecideInput;
  /** `input.at` in milliseconds. */
  readonly atMs: number;
  /** The ordered item, or an item of the ordered panel. */
  readonly item: CatalogueItem;
  /** The earlier result that is judged. */
  readonly entry: ResultEntry;
  /** Keys (`personKey`) of the Patients that are certainly the asked person. */
  readonly certain: ReadonlySet<string>;
  /** The newest result of this item that carries a critical flag, when there is one. */
  readonly newestCritical: ResultEntry | undefined;
  /** The newest two numbers of this item, newest first, in its unit (`lastValuesOf`). */
  readonly lastValues: readonly Decimal[];
}

/** One file under `checks/`. */
export interface Check {
  readonly code: CheckCode;
  check(context: CheckContext): CheckResult;
}

export function patientKey(of: { readonly bucket: number; readonly patient: string }): string {
  return `${of.bucket}|${of.patient}`;
}

export function result(code: CheckCode, state: CheckState, why: Bilingual): CheckResult {
  return { code, state, why };
}

/** The facility's name for a sentence; the name is the same in both languages. */
export function facilityName(input: DecideInput, facility: FacilityId): Bilingual {
  const name = input.facilities.get(facility)?.name;
  return name === undefined ? { zh: '未登记的机构', en: 'an unregistered facility' } : { zh: name, en: name };
}
