/** Structured lines: codes, counts and names of ours; never a text of an error's own. */
import type { Meter } from '../ports/meter.ts';

type Fields = Readonly<Record<string, string | number | boolean>>;

export interface Log {
  info(code: string, fields?: Fields): void;
  warning(code: string, fields?: Fields): void;
  /** An error's message may carry a value (drivers do), so only its class and where it was made are told. */
  fault(code: string, fields: Fields, error: unknown): void;
}

export function createLog(print: (line: string) => void): Log {
  const write = (level: 'info' | 'warning' | 'fault', code: string, fields: Fields): void =>
    print(JSON.stringify({ at: new Date().toISOString(), level, code, ...fields }));
  return {
    info: (code, fields = {}) => write('info', code, fields),
    warning: (code, fields = {}) => write('warning', code, fields),
    fault(code, fields, error) {
      const kind = error instanceof Error ? error.name : typeof error;
      const frame =
        error instanceof Error ? /\((?:file:\/\/)?.*\/(src\/[^)]+)\)/.exec(error.stack ?? '')?.[1] : undefined;
      write('fault', code, { ...fields, kind, ...(frame === undefined ? {} : { where: frame }) });
    },
  };
}

/** The same lines, and every fault counted by its code. */
export function countFaults(log: Log, meter: Meter): Log {
  return {
    ...log,
    fault(code, fields, error) {
      meter.fault(code);
      log.fault(code, fields, error);
    },
  };
}
