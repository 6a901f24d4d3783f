/** Structured lines on standard error (`runtime/create-log.ts`). */
import { createLog } from '../create-log.ts';

export const log = createLog((line) => process.stderr.write(`${line}\n`));
