/** `/`: who may see the overview page. The demo needs no token; else the administrator's makes a cookie (SETTLED 29). */
import { Hono } from 'hono';
import { SENTENCES } from '../access/problems.ts';
import { sameSecret } from '../access/client-secret.ts';
import type { Refusal } from '../base/outcome.ts';
import type { Gateway } from '../gateway/gateway.ts';
import { verifyLedger } from '../gateway/verify-ledger.ts';
import { createCached } from './cached.ts';
import type { Denials } from './denials.ts';
import { overviewPage, signInPage } from './overview-page.ts';
import { PAGE_HEADERS } from './page-headers.ts';
import { readBytes } from './read-body.ts';

const COOKIE = 'concord_admin';
/** Rows of each table. */
const LATEST = 50;
/** What walks whole tables is read at most once a minute, however often the page is asked for. */
const SLOW_SECONDS = 60;

export function overviewRoute(parts: {
  readonly gateway: Gateway;
  readonly denials: Denials;
  readonly demo: boolean;
  readonly adminTokenHash: string;
}): Hono {
  const { gateway, demo } = parts;
  const { store, clock } = gateway;
  const verified = createCached(clock, SLOW_SECONDS, () => verifyLedger(gateway, { running: true }));
  const retracted = createCached(clock, SLOW_SECONDS, () => store.read.reliedOnRetracted(LATEST));
  const allowed = (request: Request): boolean => demo || sameSecret(cookieOf(request), parts.adminTokenHash);
  return new Hono()
    .get('/', async (context) => {
      if (!allowed(context.req.raw)) return context.html(signInPage(), 401, PAGE_HEADERS);
      const [counts, verification, relied, envelopes, offers, ledger, reference] = await Promise.all([
        store.read.counts(),
        verified(),
        retracted(),
        store.read.envelopes({ limit: LATEST }),
        store.read.latestOffers(LATEST),
        store.read.latestLedger(LATEST),
        gateway.reference.current(),
      ]);
      const zone = gateway.regionZone;
      const seen = { counts, verification, relied, envelopes, offers, ledger, reference, zone, limit: LATEST };
      return context.html(overviewPage(seen), 200, PAGE_HEADERS);
    })
    .post('/', async (context) => {
      const body = await readBytes(context.req.raw, 4096);
      const token = body.ok ? (new URLSearchParams(new TextDecoder().decode(body.value)).get('token') ?? '') : '';
      if (!sameSecret(token, parts.adminTokenHash)) {
        const refusal = await parts.denials.tell(BAD_TOKEN, '/');
        if (refusal.category !== 'busy') return context.html(signInPage(), 401, PAGE_HEADERS);
        return context.html(signInPage(), 429, { ...PAGE_HEADERS, 'retry-after': String(refusal.retryAfterSeconds) });
      }
      const headers = { ...PAGE_HEADERS, location: '/', 'set-cookie': cookieFor(token, context.req.url) };
      return new Response(null, { status: 303, headers });
    });
}

const BAD_TOKEN: Refusal = {
  category: 'unauthenticated',
  code: 'access/bad-token',
  sentence: SENTENCES['access/bad-token'],
  at: 'token',
};

/** `Secure` by the request's own scheme: what a proxy says of it (X-Forwarded-Proto) is anybody's word. */
function cookieFor(token: string, url: string): string {
  const secure = new URL(url).protocol === 'https:' ? '; Secure' : '';
  return `${COOKIE}=${encodeURIComponent(token)}; HttpOnly; SameSite=Strict; Path=/; Max-Age=28800${secure}`;
}

function cookieOf(request: Request): string {
  const found = new RegExp(`(?:^|; )${COOKIE}=([^;]{1,256})`).exec(request.headers.get('cookie') ?? '')?.[1] ?? '';
  try {
    return decodeURIComponent(found);
  } catch {
    return '';
  }
}
