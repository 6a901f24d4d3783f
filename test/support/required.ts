/**
 * What suites need of the host beside npm. Where it is missing they are skipped and say why; with CONCORD_REQUIRE_ALL=1
 * (as `.ci/run` sets it) they fail instead, so that no green run hides a suite that never ran.
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { postgresMissing } from './postgres.ts';
import { tinyDiskMissing } from './tiny-disk.ts';
import { workerdMissing } from './workerd-binary.ts';

/** Hands the reason on and prints it; throws when everything is required. */
function told(reason: string | undefined, required = true): string | undefined {
  if (reason === undefined) return undefined;
  if (required && process.env['CONCORD_REQUIRE_ALL'] === '1') throw new Error(`required here: ${reason}`);
  console.info(`skipped: ${reason}`);
  return reason;
}

/** A PostgreSQL of any kind: given, installed or by npm. */
export function noPostgres(): string | undefined {
  return told(postgresMissing());
}

/** A PostgreSQL that the test may kill. */
export function noPostgresOfOurs(): string | undefined {
  const given = process.env['TEST_DATABASE_URL'] !== undefined;
  return told(postgresMissing() ?? (given ? 'the server of TEST_DATABASE_URL is not ours to stop' : undefined));
}

/** The Workers runtime, and a PostgreSQL that it can reach. */
export function noWorkerd(): string | undefined {
  return told(workerdMissing() ?? postgresMissing());
}

/** A small disk that can be filled. */
export function noTinyDisk(): string | undefined {
  return told(tinyDiskMissing());
}

export function noOpenssl(): string | undefined {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return told('no openssl to make certificates with');
  }
}

/** Where the sample messages lie beside a checkout of the project. */
const BESIDE = resolve(import.meta.dirname, '../../../shared/corpus');

/** The sample messages are not part of the project: required only where they are at hand. */
export function noCorpus(): string | undefined {
  if (process.env['CORPUS_DIR'] !== undefined) return undefined;
  const reason = 'CORPUS_DIR is not set: the sample messages are not part of the project';
  return told(reason, existsSync(BESIDE));
}
