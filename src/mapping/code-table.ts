/** A compiled code table of `mappings/codes/`, and its look-up. Codes are matched as written, then in capitals. */
export interface CodeTarget {
  /** `=` in `others`: the code stays as it is. */
  readonly code: string;
  readonly system?: string;
  readonly display?: string;
}

export interface CodeTable {
  readonly rows: ReadonlyMap<string, CodeTarget>;
  readonly others: CodeTarget | undefined;
}

export function lookUp(table: CodeTable, text: string): CodeTarget | undefined {
  const found = table.rows.get(text) ?? table.rows.get(text.toUpperCase());
  if (found !== undefined) return found;
  const { others } = table;
  if (others?.code !== '=') return others;
  const code = asCode(text);
  return code === undefined ? undefined : { ...others, code };
}

/** The text with single blanks and none around it; undefined when nothing is left. */
export function asCode(text: string): string | undefined {
  const code = text.replace(/\s+/g, ' ').trim();
  return code === '' ? undefined : code;
}
