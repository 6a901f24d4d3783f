/** What a caller asks of `layOut`: the recording, how it is to stand on the page, and what it knows better than the file. */
import type { Ecg, EcgPatient } from '../terms/parsed/ecg.ts';
import type { PageLanguage } from './page.ts';
import type { PageGain, PageLayout, PageSpeed } from './page-plan.ts';

/** Each stands instead of what the file says. */
export interface HeaderWords {
  readonly facility?: string;
  readonly name?: string;
  readonly id?: string;
  readonly sex?: NonNullable<EcgPatient['sex']>;
  readonly birthDate?: string;
  readonly age?: string;
  readonly recordedAt?: string;
  readonly device?: string;
  readonly order?: string;
  readonly department?: string;
}

/** A doctor's reading that is kept beside the file; it replaces the file's statements and their standing. */
export interface Reading {
  readonly statements: readonly string[];
  readonly confirmed: 'confirmed' | 'unconfirmed';
  readonly by?: string;
  readonly at?: string;
}

/** What the pages of one and of two recordings have in common. */
export interface PageWish {
  readonly speed: PageSpeed;
  readonly gain: PageGain;
  readonly language: PageLanguage;
  readonly header?: HeaderWords;
  /** Sentences about the quality of the recording, in the page's language. */
  readonly warnings?: readonly string[];
  /** Neither name, numbers, birth date, order, bed nor staff; where they stand in other texts they are struck out. */
  readonly hideIdentity?: boolean;
}

export interface PageRequest extends PageWish {
  readonly ecg: Ecg;
  readonly layout: PageLayout;
  readonly reading?: Reading;
  /** Second of the recording with which the page begins; 0 when absent or behind the recording's end. */
  readonly fromSeconds?: number;
  /** Leads of a `rhythm` page; II, V1 and V5 when absent, or the file's first three where it holds none of them. */
  readonly rhythmLeads?: readonly string[];
}

/** Two recordings of one patient on one page. */
export interface ComparisonWish extends PageWish {
  /** Each over the whole width, at most three; without them the twelve leads, 2.5 s of each. */
  readonly leads?: readonly string[];
  readonly earlierReading?: Reading;
  readonly laterReading?: Reading;
}
