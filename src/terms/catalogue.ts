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
  /** Which exam answers for which other one; direct pairs, without a cycle. */
  readonly containment: readonly Containment[];
  /** Windows of areas and levels, where they differ from the item's own. */
  readonly windows: readonly WindowRow[];
  /** Who accepts whose results; empty: nobody is refused for who it is. */
  readonly acceptance: readonly AcceptanceRow[];
  /** Situations of a patient in which an exam is done anew whatever there is. */
  readonly situations: readonly SituationRow[];
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
  /** Specimen kinds it may be measured in: `serum`, `serum/plasma`, `blood`, `urine`; '' for an exam of the body itself. */
  readonly specimen: string;
  readonly ucum: string;
  /** The strict default, where no row of `windows` speaks of the asker; 0: no window, never recognised. */
  readonly windowHours: number;
  /** Reference change value in percent: two values further apart are another state of the patient; absent: not judged. */
  readonly changePercent?: number;
  /** `yes` may be offered, `no` negative list, `info-only` shown and never offered. */
  readonly suggest: 'yes' | 'no' | 'info-only';
  readonly checks: readonly CheckCode[];
  /** Words of which the result must state one (`FEU`, `空腹`); empty or absent: any method. */
  readonly method?: readonly string[];
  /** Words that say that it is something else (`DDU`, `餐后`). */
  readonly notMethod?: readonly string[];
  /** Quality flags that forbid it; any other flag asks for a look. */
  readonly blockedBy?: readonly string[];
  /** Quality flags that are usual and say nothing against it (a Holter of three leads); absent: none. */
  readonly tolerates?: readonly string[];
  /** Where the patient's situation forbids using a result, the last one is shown all the same, for comparison. */
  readonly showPrevious?: true;
  readonly bodySite?: string;
}

/** A result of `outer` answers an order of `inner`, never the other way round. */
export interface Containment {
  readonly outer: string;
  readonly inner: string;
}

/** How long a result of an item may be used by askers of a level within an area, on days from until before. */
export interface WindowRow {
  readonly item: string;
  /** Absent: of any level. */
  readonly level?: 1 | 2 | 3;
  /** Area code prefix; '' everywhere. */
  readonly area: string;
  readonly hours: number;
  readonly validFrom: string;
  readonly validTo?: string;
  readonly source: string;
}

/**
 * Facilities by what they are: `*`, `facility:ID`, `level:2`, `area:6201`, `alliance:NAME`; of a giver also as it stands to
 * the asker: `level:same`, `level:higher`, `level:lower`, `alliance:same`.
 */
export type FacilitySelector = string;

/** On days from until before, askers that are all of `asker` accept, or do not, results of givers that are all of `giver`. */
export interface AcceptanceRow {
  readonly asker: readonly FacilitySelector[];
  readonly giver: readonly FacilitySelector[];
  readonly accepts: boolean;
  readonly validFrom: string;
  readonly validTo?: string;
  readonly source: string;
}

export const SITUATIONS = ['pregnant', 'surgery-ahead', 'transfusion-ahead', 'emergency', 'acute-symptoms'] as const;
/** What a question says of a patient, beside age. */
export type Situation = (typeof SITUATIONS)[number];

export interface SituationRow {
  /** '*' for all, else an item id. */
  readonly item: string;
  readonly situation: Situation | 'younger-than' | 'older-than';
  /** Whole years; 0 for what has none. */
  readonly years: number;
  readonly source: string;
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
  /** The same in another code system, such as that of CDS Hooks 3.0. */
  readonly second?: { readonly system: string; readonly code: string };
}

export interface ConsequenceRow {
  readonly check: CheckCode;
  /** '*' for all, else an item id: the item's row wins. */
  readonly item: string;
  readonly failed: CheckConsequence;
  readonly unknown: CheckConsequence;
}
