/** The catalogue: what may be recognised, for how long, from whom, under which checks, at which price. */
import type { CheckCode, CheckConsequence } from './check.ts';
import type { FacilityId } from './facility.ts';

export interface Catalogue {
  /** SHA-256 of its content, the version that every offer and entry names. */
  readonly digest: string;
  /** True: sample data, said so on every answer. */
  readonly sample: boolean;
  readonly items: ReadonlyMap<string, CatalogueItem>;
  readonly panels: ReadonlyMap<string, Panel>;
  readonly priceItems: ReadonlyMap<string, PriceItem>;
  readonly prices: readonly Price[];
  readonly marks: readonly QualityMark[];
  readonly refusalReasons: readonly RefusalReason[];
  /** What a failed or unknown check leads to, unless an item's own row says otherwise. */
  readonly consequences: readonly ConsequenceRow[];
}

export interface CatalogueItem {
  readonly id: string;
  readonly category: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly loinc: string;
  /** Specimen kinds it may be measured in: `serum`, `serum/plasma`, `blood`, `urine`. */
  readonly specimen: string;
  readonly ucum: string;
  /** 0: no window, never recognised. */
  readonly windowHours: number;
  /** `yes` may be offered, `no` negative list, `info-only` shown and never offered. */
  readonly suggest: 'yes' | 'no' | 'info-only';
  readonly checks: readonly CheckCode[];
  /** Words of which the result must state one (`FEU`, `空腹`); empty or absent: any method. */
  readonly method?: readonly string[];
  /** Words that say that it is something else (`DDU`, `餐后`). */
  readonly notMethod?: readonly string[];
  /** Quality flags that forbid it; any other flag asks for a look. */
  readonly blockedBy?: readonly string[];
  readonly bodySite?: string;
}

export interface Panel {
  readonly id: string;
  readonly nameZh: string;
  readonly nameEn: string;
  /** LOINC of the panel, '' when none. */
  readonly loinc: string;
  /** Items that decide coverage. */
  readonly required: readonly string[];
  /** Calculated from required ones; never decide coverage (SETTLED 13). */
  readonly derived: readonly string[];
}

export interface PriceItem {
  readonly id: string;
  readonly nameZh: string;
  /** The national 9-digit code, an attribute and no key (SETTLED 13). */
  readonly nationalCode: string;
  /** What one charge pays for: items, or panels by id. */
  readonly covers: readonly string[];
}

export interface Price {
  readonly priceItem: string;
  /** Exactly one of facility and (level, area prefix). */
  readonly facility?: FacilityId;
  readonly level?: 1 | 2 | 3;
  readonly area?: string;
  readonly fen: number;
  /** YYYY-MM-DD, inclusive. */
  readonly validFrom: string;
  /** YYYY-MM-DD, exclusive; absent: open. */
  readonly validTo?: string;
  readonly source: string;
}

export type MarkReach = 'national' | 'region' | 'province' | 'city' | 'district' | 'agreement';

/** Quality mark (HR): this facility passed quality evaluation for this item, valid over this reach. */
export interface QualityMark {
  readonly facility: FacilityId;
  readonly item: string;
  readonly reach: MarkReach;
  /** Area code prefixes (region, province 2 digits, city 4, district 6) or alliance names that it reaches. */
  readonly within: readonly string[];
  readonly label: string;
  readonly batch: string;
  readonly validFrom: string;
  readonly validTo?: string;
}

export interface RefusalReason {
  /** 01..08 the coded reasons, 98 and 99 those that do not count. */
  readonly code: string;
  readonly zh: string;
  readonly en: string;
  readonly countsAsRefusal: boolean;
}

export interface ConsequenceRow {
  readonly check: CheckCode;
  /** '*' for all, else an item id: the item's row wins. */
  readonly item: string;
  readonly failed: CheckConsequence;
  readonly unknown: CheckConsequence;
}
