/** Structured lines on standard error: codes, counts and names of ours; never a text of an error's own. */
type Fields = Readonly<Record<string, string | number | boolean>>;

function write(level: 'info' | 'warning' | 'fault', code: string, fields: Fields): void {
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, code, ...fields })}\n`);
}

export const log = {
  info: (code: string, fields: Fields = {}) => write('info', code, fields),
  warning: (code: string, fields: Fields = {}) => write('warning', code, fields),
  /** An error's message may carry a value (drivers do), so only its class and where it was made are told. */
  fault(code: string, fields: Fields, error: unknown): void {
    const kind = error instanceof Error ? error.name : typeof error;
    const frame =
      error instanceof Error ? /\((?:file:\/\/)?.*\/(src\/[^)]+)\)/.exec(error.stack ?? '')?.[1] : undefined;
    write('fault', code, { ...fields, kind, ...(frame === undefined ? {} : { where: frame }) });
  },
};
