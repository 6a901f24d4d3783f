/** What the compiler of mapping tables refuses, by file and line; nothing is ever guessed. */
export class MappingFault extends Error {
  override readonly name = 'MappingFault';
  constructor(file: string, line: number, what: string) {
    super(`${file}:${line}: ${what}`);
  }
}

/** Where a row stands, for faults. */
export interface Where {
  readonly file: string;
  readonly line: number;
}

export function fault(where: Where, what: string): never {
  throw new MappingFault(where.file, where.line, what);
}
