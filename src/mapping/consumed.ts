/** Fields that steer the protocol and say nothing about a result: they count as read (DESIGN 5, total accounting). */
import type { Reading } from './reading.ts';

const CONSUMED: Readonly<Record<string, readonly number[]>> = {
  MSH: [1, 2, 7, 9, 10, 12, 13, 14, 15, 16, 17, 18],
  PID: [1],
  PV1: [1],
  NK1: [1],
  OBR: [1],
  OBX: [1],
  NTE: [1],
  SPM: [1],
  TQ1: [1],
  PRT: [1],
};

export function markConsumed(reading: Reading): void {
  const fields = CONSUMED[reading.name];
  if (fields !== undefined) for (const field of fields) reading.markField(field);
}
