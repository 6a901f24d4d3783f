/** What must hold for any input at all, checked on one: nothing throws, nothing is dropped, nothing leaks. */
import type { Problem } from '../../src/base/problem.ts';
import { type RealMessage, mapFile } from '../support/real-path.ts';

const CODE = /^[a-z0-9-]+\/[a-z0-9-]+$/;
/** A position is segment, field, repetition, component, or a line: never a piece of the input. */
const AT = /^(?:[A-Z][A-Z0-9]{2}(?:\[\d+\])?(?:-\d+(?:\[\d+\])?(?:\.\d+){0,2})?|line \d+|\d+ more)$/;

/** The faults of the real path over this input; empty when all holds. A throw goes through. */
export function inputFaults(bytes: Uint8Array): string[] {
  const { messages, problems } = mapFile(bytes);
  const faults = problems.flatMap(problemFaults);
  if (messages.length === 0 && !problems.some((problem) => problem.severity === 'fatal'))
    faults.push('no message and no fatal problem');
  return [...faults, ...messages.flatMap(messageFaults)];
}

function messageFaults(real: RealMessage): string[] {
  const faults = real.problems.flatMap(problemFaults);
  const isFatal = real.problems.some((problem) => problem.severity === 'fatal');
  if (isFatal !== (real.message === undefined)) faults.push('a message is missing exactly when a problem is fatal');
  if (real.mapped === undefined || real.message === undefined) return faults;
  JSON.parse(real.text);
  for (const at of real.mapped.unread) if (!AT.test(at)) faults.push('an unread position that is none');
  return [...faults, ...lostResults(real)];
}

function problemFaults(problem: Problem): string[] {
  const faults: string[] = [];
  if (!CODE.test(problem.code)) faults.push('a problem code that is none');
  if (!AT.test(problem.at)) faults.push(`${problem.code}: a position that is none`);
  return faults;
}

/** The message is none of results, or too large: it is refused whole, with a problem at MSH-9 or its size. */
const REFUSED = new Set(['mapping/message-unsupported', 'mapping/results-limit']);

/** Total accounting (DESIGN 5): every OBX is one Observation, or has a problem at its place. */
export function lostResults(real: RealMessage): string[] {
  const obx = real.message?.segments.filter((segment) => segment.name === 'OBX').length ?? 0;
  const arrived = new Map<string, number>();
  for (const element of real.mapped?.patients
    .flatMap((patient) => patient.reports)
    .flatMap((report) => report.elements) ?? []) {
    const at = /^OBX\[\d+\]$/.exec(element.at)?.[0];
    if (at !== undefined && element.resource.resourceType === 'Observation')
      arrived.set(at, (arrived.get(at) ?? 0) + 1);
  }
  const told = new Set(real.problems.map((problem) => /^OBX\[\d+\]/.exec(problem.at)?.[0]));
  const refused = real.problems.some((problem) => REFUSED.has(problem.code));
  const cut = refused || real.problems.some((problem) => problem.code.endsWith('/more-problems'));
  const faults: string[] = [];
  for (let i = 1; i <= obx; i++) {
    const times = arrived.get(`OBX[${i}]`) ?? 0;
    if (times > 1) faults.push(`OBX[${i}] arrived ${times} times`);
    if (times === 0 && !cut && !told.has(`OBX[${i}]`)) faults.push(`OBX[${i}] was dropped without a word`);
  }
  return faults;
}
