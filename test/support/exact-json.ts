/** JSON with every number kept as it is written, as a string: what a decimal's precision is proved with. */
export function parseExact(text: string): unknown {
  return JSON.parse(text, ((_key: string, value: unknown, context: { source?: string }) =>
    typeof value === 'number' ? context.source : value) as (key: string, value: unknown) => unknown);
}
