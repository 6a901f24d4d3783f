/** CSV (RFC 4180) that a spreadsheet opens safely: cells that look like formulas are led by a quote. */
export function printCsv(columns: readonly string[], rows: readonly Readonly<Record<string, Cell>>[]): string {
  const line = (cells: readonly Cell[]): string => `${cells.map(cell).join(',')}\r\n`;
  return line(columns) + rows.map((row) => line(columns.map((column) => row[column]))).join('');
}

type Cell = string | number | null | undefined;

function cell(value: Cell): string {
  const text = value === undefined || value === null ? '' : String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
