/** What an operator has to look at in the database: can it be written, is it durable, do schema, keys and clock fit. */
import type { DatabaseFacts } from '../../../store/look-at-database.ts';
import type { Finding } from '../../../terms/finding.ts';
import type { KeyMarks } from '../../keys.ts';
import { found } from './look-at-host.ts';

/** Seconds by which clocks may differ. */
const SKEW_SECONDS_MAX = 5;

export interface Looked {
  readonly facts: DatabaseFacts;
  /** Milliseconds since 1970 by this machine's clock, before and after the database was asked. */
  readonly askedAt: number;
  readonly answeredAt: number;
  /** PGlite keeps no promise to the disk, whatever its settings say: `runtime/embedded` tells that. */
  readonly embedded: boolean;
}

export function judgeDatabase({ facts, askedAt, answeredAt, embedded }: Looked, marks: KeyMarks): readonly Finding[] {
  const findings: Finding[] = [];
  if (facts.readOnly) findings.push(found('failure', 'database', 'runtime/read-only'));
  if (facts.encoding !== 'UTF8') findings.push(found('failure', 'database', 'runtime/encoding'));
  if (!embedded && facts.notDurable.length > 0)
    findings.push(found('failure', 'database', 'runtime/not-durable', { subjects: facts.notDurable }));
  if (facts.schema === 'empty') findings.push(found('warning', 'schema', 'runtime/schema-empty'));
  if (facts.schema === 'behind') findings.push(found('failure', 'schema', 'runtime/schema-behind'));
  if (facts.schema === 'unknown') findings.push(found('failure', 'schema', 'runtime/schema-unknown'));
  if (facts.indexKeys.some((mark) => mark !== marks.index))
    findings.push(found('failure', 'keys', 'runtime/index-key-differs'));
  // Rows of the demo are not sealed and name no key.
  if (facts.cipherKeys.some((mark) => mark !== '' && !marks.ciphers.includes(mark)))
    findings.push(found('failure', 'keys', 'runtime/cipher-key-missing'));
  return [...findings, ...judgeClock(facts, askedAt, answeredAt)];
}

function judgeClock({ now, newest }: DatabaseFacts, askedAt: number, answeredAt: number): readonly Finding[] {
  const at = Date.parse(now);
  const skew = Math.max(askedAt - at, at - answeredAt) / 1000;
  const ahead = newest === null ? 0 : (Date.parse(newest) - answeredAt) / 1000;
  return [
    ...(skew > SKEW_SECONDS_MAX ? [found('warning', 'clock', 'runtime/clock-skew', { count: Math.round(skew) })] : []),
    ...(ahead > SKEW_SECONDS_MAX
      ? [found('failure', 'clock', 'runtime/clock-behind', { count: Math.round(ahead) })]
      : []),
  ];
}
