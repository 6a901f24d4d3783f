/** Every setting of a Worker, read from its variables, secrets and bindings and validated in one place (DESIGN 6). */
import { z } from 'zod';
import { adminTokenSetting, keySetting, readBySchema, SHARED_SETTINGS } from '../settings.ts';

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

const schema = z.object({
  ...SHARED_SETTINGS,
  /** The Hyperdrive binding; its connection string is PostgreSQL's address, pooled. */
  DB: z.object({ connectionString: z.string().min(1) }).optional(),
  /** Without Hyperdrive, for workerd on a host of one's own. */
  DATABASE_URL: z.string().min(1).optional(),
  /** False behind a pooler without prepared statements (pgbouncer before 1.21). */
  DATABASE_PREPARE: flag.default(true),
  /** True behind a pooler (Hyperdrive always is): time limits are then the role's own. */
  DATABASE_POOLED: flag.default(false),
  /** The header that names the caller's address, which nobody but the platform can write; absent: nobody knows it. */
  PEER_HEADER: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .optional(),
  INDEX_KEY: keySetting,
  ID_KEY: keySetting,
  PSEUDONYM_KEY: keySetting,
  TOKEN_KEY: keySetting,
  CIPHER_KEY: keySetting,
  ADMIN_TOKEN: adminTokenSetting,
});

const withDatabase = schema.refine(({ DB, DATABASE_URL }) => DB !== undefined || DATABASE_URL !== undefined, {
  path: ['DB'],
});

export type WorkerSettings = z.infer<typeof schema>;

/** Throws SettingFault with the names of what cannot be used. */
export function readWorkerSettings(env: Readonly<Record<string, unknown>>): WorkerSettings {
  return readBySchema(withDatabase, env);
}
