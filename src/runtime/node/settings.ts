/** Every setting of the Node runtime, read from the environment and validated in one place (DESIGN 6). */
import { z } from 'zod';
import { type AllowedHost, parseAllowedHosts } from '../../outbound/allow-list.ts';
import { knowsZone } from '../../base/zone.ts';

const port = z.coerce.number().int().min(0).max(65_535);
/** 32 bytes as base64url or base64. */
const key = z.string().regex(/^[A-Za-z0-9+/_-]{43}=?$/);

const schema = z.object({
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
  /** How the world knows this gateway: `https://gateway.example`. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .refine((text) => !/[?#@]/.test(text))
    .optional(),
  /** Addresses of proxies whose X-Forwarded-For is believed, comma-separated (`web/peer-address.ts`). */
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((text) => text.split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()])))
    .pipe(z.array(z.union([z.ipv4(), z.ipv6()])).max(100)),
  /** Hosts outside that may be spoken to (`outbound/allow-list.ts`). */
  OUTBOUND_HOSTS: z.string().default('').transform(readHosts),
  REGION_ZONE: z.string().default('Asia/Shanghai').refine(knowsZone),
  INDEX_KEY: key.optional(),
  ID_KEY: key.optional(),
  PSEUDONYM_KEY: key.optional(),
  TOKEN_KEY: key.optional(),
  CIPHER_KEY: key.optional(),
  /** Earlier cipher keys, comma-separated, so that keys rotate: rows name the one they need. */
  CIPHER_KEYS_OLD: z.string().optional(),
  /** Earlier token keys, comma-separated: what they signed is good until it expires. */
  TOKEN_KEYS_OLD: z.string().optional(),
  /** The administrator's token; embedded: made once into DATA_DIR. */
  ADMIN_TOKEN: z.string().min(32).max(256).optional(),
});

function readHosts(text: string, context: z.RefinementCtx): readonly AllowedHost[] {
  try {
    return parseAllowedHosts(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'no host' });
    return z.NEVER;
  }
}

export type Settings = z.infer<typeof schema>;

/** A setting that is not usable: names it, never its value. */
export class SettingFault extends Error {
  override readonly name = 'SettingFault';
}

export function readSettings(environment: Readonly<Record<string, string | undefined>>): Settings {
  const stated = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const read = schema.safeParse(stated);
  if (read.success) return read.data;
  const names = [...new Set(read.error.issues.map((issue) => String(issue.path[0])))];
  throw new SettingFault(`settings that cannot be used: ${names.join(', ')} — see "Settings" in README.md`);
}
