/**
 * What the database refuses or cannot, without any value of a statement: postgres.js and drizzle put
 * parameters into their errors, so none of them leaves this folder (CONVENTIONS 4).
 */
import { StoreUnavailable } from '../../ports/store.ts';

/** A statement was refused: a bug, or a race that is retried. Holds the SQLSTATE and the constraint's name only. */
export class StoreFault extends Error {
  override readonly name = 'StoreFault';
  readonly sqlState: string;
  readonly constraint: string;
  constructor(sqlState: string, constraint: string) {
    super(`the database refused a statement (SQLSTATE ${sqlState}${constraint === '' ? '' : `, ${constraint}`})`);
    this.sqlState = sqlState;
    this.constraint = constraint;
  }
}

/** Classes and codes after which the same work may succeed once the database is back or has room. */
const UNAVAILABLE_CLASSES = ['08', '53', '58'];
const UNAVAILABLE_CODES = ['57P01', '57P02', '57P03', '57014', '55P03', '25006', '3D000'];
const NAME = /^[a-z0-9_]{1,63}$/;

/** Serialisation failure, deadlock, a lost unique race. */
export function isRetried(error: unknown): boolean {
  return error instanceof StoreFault && ['40001', '40P01', '23505'].includes(error.sqlState);
}

/** True for "the transaction is already aborted": the consequence of an earlier fault, never the cause. */
export function isAftermath(error: unknown): boolean {
  return error instanceof StoreFault && error.sqlState === '25P02';
}

/** A server's own code (five characters, SQL:2016 24.1), not the driver's or the system's. */
export function isSqlState(code: unknown): boolean {
  return typeof code === 'string' && code !== 'EPIPE' && /^[0-9A-Z]{5}$/.test(code);
}

/** `disk_full`. */
export const DISK_FULL = '53100';

export function unavailable(code: string): StoreUnavailable {
  return new StoreUnavailable(`the database cannot be used now (${code})`, { full: code === DISK_FULL });
}

/** Any error of the driver as one of ours. */
export function toFault(error: unknown): StoreFault | StoreUnavailable {
  if (error instanceof StoreFault || error instanceof StoreUnavailable) return error;
  const { code, constraint_name: constraint } = error as { code?: unknown; constraint_name?: unknown };
  // A Worker's sockets fail with a bare Error; the driver's own errors have codes.
  if (typeof code !== 'string' && error instanceof Error && error.name === 'Error') return unavailable('NETWORK');
  if (typeof code !== 'string') return new StoreFault('none', error instanceof Error ? error.name.toLowerCase() : '');
  if (!isSqlState(code)) {
    // CONNECTION_CLOSED, ECONNREFUSED, EPIPE, …: all of them mean that there is no connection.
    return code === 'MAX_PARAMETERS_EXCEEDED' ? new StoreFault('none', 'parameters') : unavailable(code);
  }
  if (UNAVAILABLE_CODES.includes(code) || UNAVAILABLE_CLASSES.includes(code.slice(0, 2))) {
    return unavailable(code);
  }
  return new StoreFault(code, typeof constraint === 'string' && NAME.test(constraint) ? constraint : '');
}
