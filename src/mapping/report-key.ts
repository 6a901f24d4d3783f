/** The facility's key of a report (SETTLED 4): its number and code, and which occurrence of that pair this is. */
import { joinKey } from '../base/digest.ts';
import type { FacilityProfile, ReportKeyPart } from '../terms/facility.ts';
import type { OrderGroup } from './group.ts';
import type { Reading } from './reading.ts';

export interface ReportKey {
  readonly key: string;
  /** False: a resend is recognised, a correction is not. */
  readonly numbered: boolean;
}

/** Counts pairs over one message. */
export type Occurrences = Map<string, number>;

/**
 * `filler` and `placer` are OBR-3.1 and OBR-2.1 (ORC-3.1 and ORC-2.1 where OBR has neither: the standard
 * makes them the same numbers).
 */
export function reportKeyOf(
  order: Pick<OrderGroup, 'orc' | 'obr'>,
  message: {
    readonly msh: Reading;
    readonly at: string;
    readonly occurrences: Occurrences;
    readonly profile: FacilityProfile;
  },
): ReportKey {
  const { msh, profile } = message;
  const [filler, placer] = numbersOf(order);
  if (filler === undefined && placer === undefined) {
    return {
      key: joinKey('message', msh.peek(10, 1, 0, 1) ?? '', msh.peek(7, 1, 0, 1) ?? '', message.at),
      numbered: false,
    };
  }
  const code = order.obr?.peek(4, 1, 0, 1) ?? order.obr?.peek(4, 1, 0, 2) ?? '';
  const number = filler === undefined ? joinKey('placer', placer as string) : joinKey('filler', filler);
  const pair = joinKey(number, code);
  const occurrence = (message.occurrences.get(pair) ?? 0) + 1;
  message.occurrences.set(pair, occurrence);
  if (profile.reportKey === undefined) return { key: joinKey(number, code, String(occurrence)), numbered: true };
  const parts: Readonly<Record<ReportKeyPart, string>> = {
    filler: filler ?? '',
    placer: placer ?? '',
    code,
    occurrence: String(occurrence),
    'collected-date': (order.obr?.peek(7, 1, 0, 1) ?? '').slice(0, 8),
    'message-date': (msh.peek(7, 1, 0, 1) ?? '').slice(0, 8),
  };
  return { key: joinKey(...profile.reportKey.map((part) => joinKey(part, parts[part]))), numbered: true };
}

/** Filler and placer number. */
export function numbersOf(order: Pick<OrderGroup, 'orc' | 'obr'>): readonly [string | undefined, string | undefined] {
  const [filler, placer] = [order.obr?.peek(3, 1, 0, 1), order.obr?.peek(2, 1, 0, 1)];
  if (filler !== undefined || placer !== undefined) return [filler, placer];
  return [order.orc?.peek(3, 1, 0, 1), order.orc?.peek(2, 1, 0, 1)];
}
