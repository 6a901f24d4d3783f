/** The visit that an order belongs to, as far as the asker tells: what figures are broken down by, and who pays. */

export const VISIT_CLASSES = ['outpatient', 'emergency', 'inpatient'] as const;
export type VisitClass = (typeof VISIT_CLASSES)[number];

export interface Visit {
  readonly class?: VisitClass;
  /** Paid by case (DRG, DIP): what is not done saves the hospital's cost, and no payer's money. */
  readonly drg?: boolean;
  /** Code of the specialty (科室), as the region agreed. */
  readonly specialty?: string;
  /** Code of who pays, as the region agreed: `self`, `employee`, `resident`, … */
  readonly payer?: string;
  /** How the visit's charges are shared. */
  readonly split?: PayerSplit;
}

/** Thousandths of a charge; they make 1,000. */
export interface PayerSplit {
  readonly patient: number;
  readonly fund: number;
  readonly deductible: number;
}
