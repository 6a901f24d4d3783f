/** The settings that every runtime has: keys, zone, addresses. Each runtime adds its own and reads them in one place. */
import { z } from 'zod';
import { knowsZone } from '../base/zone.ts';
import { type AllowedHost, parseAllowedHosts } from '../outbound/allow-list.ts';

/** 32 bytes as base64url or base64. */
export const keySetting = z.string().regex(/^[A-Za-z0-9+/_-]{43}=?$/);

export const SHARED_SETTINGS = {
  /** How the world knows this gateway: `https://gateway.example`. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .refine((text) => !/[?#@]/.test(text))
    .optional(),
  /** Hosts outside that may be spoken to (`outbound/allow-list.ts`). */
  OUTBOUND_HOSTS: z.string().default('').transform(readHosts),
  /** Where a province's platform hears of offers, views and acts; its host is one of OUTBOUND_HOSTS. */
  EVENTS_URL: z.url({ protocol: /^https?$/ }).optional(),
  EVENTS_TOKEN: z.string().min(1).max(4096).optional(),
  /** A SMART app that cards lead to, launched with the offer as its context. */
  SMART_APP_URL: z.url({ protocol: /^https?$/ }).optional(),
  REGION_ZONE: z.string().default('Asia/Shanghai').refine(knowsZone),
  /** Earlier cipher keys, comma-separated, so that keys rotate: rows name the one they need. */
  CIPHER_KEYS_OLD: z.string().optional(),
  /** Earlier token keys, comma-separated: what they signed is good until it expires. */
  TOKEN_KEYS_OLD: z.string().optional(),
};

/** What lies outside and is optional: the platform that hears of events, the app that cards lead to. */
export function beyond(settings: {
  readonly EVENTS_URL?: string | undefined;
  readonly EVENTS_TOKEN?: string | undefined;
  readonly SMART_APP_URL?: string | undefined;
}) {
  const { EVENTS_URL: url, EVENTS_TOKEN: token, SMART_APP_URL: smartApp } = settings;
  return {
    ...(url === undefined ? {} : { events: { url, ...(token === undefined ? {} : { token }) } }),
    ...(smartApp === undefined ? {} : { smartApp }),
  };
}

/** The administrator's token. */
export const adminTokenSetting = z.string().min(32).max(256);

function readHosts(text: string, context: z.RefinementCtx): readonly AllowedHost[] {
  try {
    return parseAllowedHosts(text);
  } catch {
    context.addIssue({ code: 'custom', message: 'no host' });
    return z.NEVER;
  }
}

/** A setting that is not usable: names it, never its value. */
export class SettingFault extends Error {
  override readonly name = 'SettingFault';
}

/** Reads an environment by its schema; what is empty counts as absent. Throws SettingFault with the names that are wrong. */
export function readBySchema<T>(schema: z.ZodType<T>, environment: Readonly<Record<string, unknown>>): T {
  const stated = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const read = schema.safeParse(stated);
  if (read.success) return read.data;
  const names = [...new Set(read.error.issues.map((issue) => String(issue.path[0])))];
  throw new SettingFault(`settings that cannot be used: ${names.join(', ')} — see "Settings" in README.md`);
}
