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

/** What `read` makes of a path; one that cannot be read is wrong use, and is told without a stack. */
export function readable<T>(path: string, read: (path: string) => T): T {
  try {
    return read(path);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error && 'code' in error)
      throw new UsageFault(`${path} cannot be read (${String(error.code)}).`);
    throw error;
  }
}

/** A count stated on the command line; undefined when it was not stated. */
export function positive(text: string | undefined, option: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new UsageFault(`${option} is a whole number from 1.`);
  return Number(text);
}
