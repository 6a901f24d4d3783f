/** Where Philips' calibration begins: behind the recording all leads are 0, then 1 mV for 200 ms, then 0 again (ecg.md 1.6). */
import type { EcgGroup, EcgLead } from '../../../terms/parsed/ecg.ts';

const MILLIVOLT = 1_000;

export function calibrationTail(leads: readonly EcgLead[]): EcgGroup['tail'] {
  const first = leads[0];
  if (first?.scale === undefined) return undefined;
  const pulse = Math.round(MILLIVOLT / Number(first.scale));
  let at = Math.max(...leads.map(({ samples }) => samples.length));
  // A lead that was cut says nothing of the end.
  const whole = leads.filter(({ samples }) => samples.length === at);
  const isAll = (value: number, k: number): boolean => whole.every(({ samples }) => samples[k] === value);
  const back = (value: number): number => {
    const from = at;
    while (at > 0 && isAll(value, at - 1)) at -= 1;
    return from - at;
  };
  back(0);
  if (back(pulse) === 0 || back(0) === 0) return undefined;
  return { from: at, kind: 'calibration' };
}
