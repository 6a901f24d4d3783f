/**
 * `npm run prove:fuzz`: 100,000 HL7 v2 inputs, and 10,000 damaged files of each ECG format, through parser and mapper; the
 * same ones for the same SEED (INPUTS scales both, ONLY=hl7 or ONLY=ecg runs one). Prints the figure that the note
 * wants; ends non-zero with the smallest input that breaks a promise.
 */
import * as fc from 'fast-check';
import { validMessage } from '../properties/hl7-arbitraries.ts';
import { damagedMessage, randomBytes, structureSoup } from '../properties/hl7-damage.ts';
import { inputFaults } from '../properties/input-faults.ts';
import { mapFile } from '../support/real-path.ts';
import { fuzzEcg } from './fuzz-ecg.ts';

const SEED = Number(process.env['SEED'] ?? 20_261_121);
const INPUTS = Number(process.env['INPUTS'] ?? 100_000);
const ONLY = process.env['ONLY'];

const FAMILIES = [
  { name: 'right messages', input: validMessage.map((one) => one.bytes), share: 0.25 },
  { name: 'damaged messages', input: damagedMessage, share: 0.45 },
  { name: 'structure without sense', input: structureSoup, share: 0.2 },
  { name: 'random bytes', input: randomBytes, share: 0.1 },
] as const;

let failed = 0;
let all = 0;
const began = performance.now();
for (const family of ONLY === 'ecg' ? [] : FAMILIES) {
  const start = performance.now();
  const seen = { inputs: 0, bytes: 0, messages: 0, mapped: 0 };
  const outcome = fc.check(
    fc.property(family.input, (bytes) => {
      const faults = inputFaults(bytes);
      if (faults.length > 0) throw new Error([...new Set(faults)].join('; '));
      seen.inputs += 1;
      seen.bytes += bytes.length;
      const messages = seen.inputs % 10 === 0 ? mapFile(bytes).messages : [];
      seen.messages += messages.length * 10;
      seen.mapped += messages.filter((message) => message.mapped !== undefined).length * 10;
    }),
    { numRuns: Math.round(INPUTS * family.share), seed: SEED },
  );
  all += seen.inputs;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const megabytes = (seen.bytes / 1e6).toFixed(1);
  console.log(
    `${family.name}: ${seen.inputs} inputs, ${megabytes} MB, about ${seen.mapped} mapped messages, ${seconds} s`,
  );
  if (!outcome.failed) continue;
  failed += 1;
  console.error(`${family.name}: FAILED (seed ${outcome.seed}, path ${outcome.counterexamplePath ?? ''})`);
  console.error(JSON.stringify(new TextDecoder().decode(outcome.counterexample?.[0] ?? new Uint8Array())));
  console.error(outcome.errorInstance instanceof Error ? outcome.errorInstance.stack : String(outcome.errorInstance));
}
const seconds = ((performance.now() - began) / 1000).toFixed(0);
console.log(`fuzz: ${all} inputs, seed ${SEED}, ${failed} families failed, ${seconds} s`);
const isEcgSound = ONLY === 'hl7' || fuzzEcg({ seed: SEED, perFormat: Math.round(INPUTS / 10) });
process.exitCode = failed === 0 && (ONLY === 'ecg' || all >= INPUTS) && isEcgSound ? 0 : 1;
