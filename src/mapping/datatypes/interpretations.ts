/** OBX-8 → Observation.interpretation: one concept per code; a flag without code keeps its text. */
import type { CodeableConcept } from 'fhir/r4';
import type { Reading } from '../reading.ts';
import type { Run } from '../run.ts';
import { INTERPRETATION } from '../systems.ts';
import { interpretationOf } from '../values/abnormal-flag.ts';

export function interpretationsOf(s: Reading, f: number, run: Run): CodeableConcept[] | undefined {
  return run.recall(s, f, readFlags);
}

function readFlags(s: Reading, f: number, _r: number, _c: number, run: Run): CodeableConcept[] | undefined {
  const flags: string[] = [];
  const positions: number[] = [];
  for (let r = 1, n = s.count(f); r <= n; r++) {
    const flag = s.part(f, r, 0, 1);
    const text = flag ?? s.part(f, r, 0, 2);
    if (text === undefined) continue;
    flags.push(text);
    positions.push(r);
  }
  if (flags.length === 0) return undefined;
  const { codes, unmapped } = interpretationOf(flags);
  const concepts: CodeableConcept[] = codes.map((code) => ({ coding: [{ system: INTERPRETATION, code }] }));
  for (const index of unmapped) {
    run.problem('mapping/flag-unknown', 'warning', s.at(f, 0, positions[index] ?? 1));
    concepts.push({ text: flags[index] });
  }
  return concepts.length === 0 ? undefined : concepts;
}
