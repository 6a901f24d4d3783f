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
  return others?.code === '=' ? { ...others, code: text } : others;
}
