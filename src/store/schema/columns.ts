/** Column types that every table shares: keys, instants, sealed bytes. */
import { customType, timestamp } from 'drizzle-orm/pg-core';

/** A key, id, code or MAC: compared byte by byte, whatever the server's locale. */
export const key = customType<{ data: string; driverData: string }>({ dataType: () => 'text collate "C"' });

/** Bytes; what is sealed by the cipher port stands beside the id of its key. */
export const bytes = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });

/** An instant in UTC to the millisecond; read and written as RFC 3339 text. */
export function instant(name: string) {
  return timestamp(name, { withTimezone: true, precision: 3, mode: 'string' });
}
