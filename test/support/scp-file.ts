/** ECG files for tests of the gateway: SCP-ECG of a synthetic recording, with what a test wants to be different. */
import { recording } from '../../fixtures/ecg/cases/truth.ts';
import { SCP_MEASUREMENTS, scpOptions } from '../../fixtures/ecg/cases/scp-cases.ts';
import { ECG_CASES } from '../../fixtures/ecg/cases.ts';
import { encodeScp, type ScpOptions } from '../../fixtures/ecg/encoders/scp.ts';
import { INDEPENDENT_LEADS } from '../../fixtures/ecg/encoders/signal.ts';

export interface EcgWish {
  readonly id: string;
  readonly lastName?: string;
  /** Makes another recording of it: added to every sample. */
  readonly shift?: number;
  /** `YYYY-MM-DD`. */
  readonly date?: string;
  readonly time?: readonly [number, number, number];
  /** What the statements say of themselves: 1 confirmed, 0 the machine's own. Absent: no statements. */
  readonly confirmed?: 0 | 1;
  readonly statements?: readonly string[];
  readonly rateHz?: number;
  readonly more?: Partial<ScpOptions>;
}

export function scpFile(wish: EcgWish): Uint8Array {
  const { id, shift = 0, rateHz = 500 } = wish;
  const [year = 2026, month = 2, day = 28] = (wish.date ?? '2026-02-28').split('-').map(Number);
  const date = [year, month, day] as const;
  const time = wish.time ?? ([9, 10, 11] as const);
  const { leads } = recording({ rateHz, seconds: 10, unitUv: 2.5, leads: INDEPENDENT_LEADS });
  const base = scpOptions({
    leads: leads.map(({ name, samples }) => ({ name, samples: samples.map((sample) => sample + shift) })),
  });
  const statements = wish.statements ?? ['Sinus rhythm'];
  return encodeScp({
    ...base,
    rateHz,
    patient: { ...base.patient, id, ...(wish.lastName === undefined ? {} : { lastName: wish.lastName }) },
    acquisition: { ...base.acquisition, date, time },
    measurements: SCP_MEASUREMENTS,
    ...(wish.confirmed === undefined
      ? {}
      : { statements: { confirmed: wish.confirmed, date, time, texts: [...statements] } }),
    ...wish.more,
  });
}

/** A case of `fixtures/ecg` as it is. */
export function ecgCase(name: string): Uint8Array {
  const found = ECG_CASES.find((one) => one.name === name);
  if (found === undefined) throw new Error(`there is no case ${name}`);
  return found.make();
}
