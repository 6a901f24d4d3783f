/** Recordings to judge: twelve leads of a synthetic heart in µV, changed as a test wants. */
import { type RecordingOptions, syntheticRecording } from '../../../fixtures/ecg/encoders/signal.ts';
import type { Decimal } from '../../../src/base/decimal.ts';
import { leadNumber } from '../../../src/signals/leads.ts';
import type { EcgGroup, EcgLead } from '../../../src/terms/parsed/ecg.ts';

export function groupOf(options: Partial<RecordingOptions> = {}, more: Partial<EcgGroup> = {}): EcgGroup {
  const { rateHz, leads, unitUv } = syntheticRecording({ rateHz: 500, seconds: 10, unitUv: 2.5, ...options });
  return {
    kind: 'rhythm',
    rate: { hz: String(rateHz) as Decimal, periodMs: String(1000 / rateHz) as Decimal },
    leads: leads.map(
      ({ name, samples }): EcgLead => ({
        name,
        number: leadNumber(name) as number,
        samples,
        scale: String(unitUv) as Decimal,
        offset: '0' as Decimal,
        at: name,
      }),
    ),
    at: 'group',
    ...more,
  };
}

/** Every lead of the names changed sample by sample; all leads without names. */
export function changed(
  group: EcgGroup,
  change: (sample: number, k: number) => number,
  ...names: readonly string[]
): EcgGroup {
  return {
    ...group,
    leads: group.leads.map((lead) =>
      names.length > 0 && !names.includes(lead.name) ? lead : { ...lead, samples: lead.samples.map(change) },
    ),
  };
}

/** Nobody knows the voltage of its leads. */
export function unscaled(group: EcgGroup): EcgGroup {
  return { ...group, leads: group.leads.map(withoutScale) };
}

export function withoutScale(lead: EcgLead): EcgLead {
  const { scale: _, ...rest } = lead;
  return rest;
}

/** Leads with the samples of others: what electrodes at the wrong places record. */
export function moved(group: EcgGroup, from: Readonly<Record<string, string>>, sign: readonly string[] = []): EcgGroup {
  const of = (name: string) => group.leads.find((lead) => lead.name === name)?.samples ?? new Int32Array();
  return {
    ...group,
    leads: group.leads.map((lead) => {
      const samples = of(from[lead.name] ?? lead.name);
      return { ...lead, samples: sign.includes(lead.name) ? samples.map((sample) => -sample) : samples };
    }),
  };
}
