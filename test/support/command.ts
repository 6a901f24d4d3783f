/** A command of the command line in a process of its own, as an operator runs it. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';

export interface Told {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Nothing of the test's own environment reaches it but the path. */
export function runCommand(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Told> {
  return new Promise((answer) => {
    execFile(
      process.execPath,
      ['src/runtime/node/cli.ts', ...args],
      { cwd: resolve(import.meta.dirname, '../..'), env: { PATH: process.env['PATH'], ...env }, maxBuffer: 1e8 },
      (error, out, err) => answer({ code: error === null ? 0 : Number(error.code ?? -1), out, err }),
    );
  });
}
