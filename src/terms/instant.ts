/** An instant in UTC, RFC 3339 with milliseconds: `2026-03-01T02:15:30.000Z`. Sorts as text. */
export type Instant = string & { readonly __brand: 'Instant' };
