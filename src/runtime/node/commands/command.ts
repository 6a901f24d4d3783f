/** What a command of the command line is. */
export interface Command {
  readonly name: string;
  /** One line for the overview. */
  readonly summary: string;
  /** What `--help` prints. */
  readonly usage: string;
  /** Resolves with the exit code: 0 done, 1 refused or found wrong, 2 used wrongly. */
  run(args: readonly string[]): Promise<number>;
}

/** The command was used wrongly: the message says how, and the usage is printed after it. */
export class UsageFault extends Error {
  override readonly name = 'UsageFault';
}

/** The value, or a UsageFault that names the option. */
export function required<T>(value: T | undefined, option: string): T {
  if (value === undefined) throw new UsageFault(`${option} is needed.`);
  return value;
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
