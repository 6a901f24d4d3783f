/** Every setting of the Node runtime, read from the environment and validated in one place (DESIGN 6). */
import { z } from 'zod';
import { adminTokenSetting, keySetting, readBySchema, SHARED_SETTINGS } from '../settings.ts';

const port = z.coerce.number().int().min(0).max(65_535);

const schema = z.object({
  ...SHARED_SETTINGS,
  /** HTTP port; 0 takes a free one. */
  PORT: port.default(8080),
  /** HTTP address. Loopback until told otherwise: what stands before it ends TLS. */
  HOST: z.string().min(1).default('127.0.0.1'),
  /** Address that MLLP listeners bind; loopback until told otherwise (DESIGN 4). */
  MLLP_HOST: z.string().min(1).default('127.0.0.1'),
  /** Port of channels that were added without one. */
  MLLP_PORT: port.default(2575),
  /** PostgreSQL; absent: the embedded database in DATA_DIR. */
  DATABASE_URL: z.string().min(1).optional(),
  DATA_DIR: z.string().min(1).default('data'),
  /** Addresses of proxies whose X-Forwarded-For is believed, comma-separated (`web/peer-address.ts`). */
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()])))
    .pipe(z.array(z.union([z.ipv4(), z.ipv6()])).max(100)),
  INDEX_KEY: keySetting.optional(),
  ID_KEY: keySetting.optional(),
  PSEUDONYM_KEY: keySetting.optional(),
  TOKEN_KEY: keySetting.optional(),
  CIPHER_KEY: keySetting.optional(),
  /** The administrator's token; embedded: made once into DATA_DIR. */
  ADMIN_TOKEN: adminTokenSetting.optional(),
  /** Reads `/metrics` and nothing else. */
  METRICS_TOKEN: adminTokenSetting.optional(),
});

export type Settings = z.infer<typeof schema>;

export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  return readBySchema(schema, environment);
}
