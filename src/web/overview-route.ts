/** `/`: one script-free page with messages, offers and the ledger: counts and pseudonyms only (SETTLED 29). */
import { Hono } from 'hono';
import { html, raw } from 'hono/html';
import { SENTENCES } from '../access/problems.ts';
import { sameSecret } from '../access/client-secret.ts';
import type { Refusal } from '../base/outcome.ts';
import { verifyLedger } from '../gateway/verify-ledger.ts';
import type { Gateway } from '../gateway/gateway.ts';
import type { Denials } from './denials.ts';
import { readBytes } from './read-body.ts';

const COOKIE = 'concord_admin';
const SECURITY = {
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

export function overviewRoute(parts: {
  readonly gateway: Gateway;
  readonly denials: Denials;
  readonly demo: boolean;
  readonly adminTokenHash: string;
}): Hono {
  const { gateway, demo } = parts;
  const allowed = (request: Request): boolean => demo || sameSecret(cookieOf(request), parts.adminTokenHash);
  return new Hono()
    .get('/', async (context) => {
      if (!allowed(context.req.raw)) return context.html(signIn(), 401, SECURITY);
      return context.html(await overview(gateway), 200, SECURITY);
    })
    .post('/', async (context) => {
      const body = await readBytes(context.req.raw, 4096);
      const token = body.ok ? (new URLSearchParams(new TextDecoder().decode(body.value)).get('token') ?? '') : '';
      if (!sameSecret(token, parts.adminTokenHash)) {
        const refusal = await parts.denials.tell(BAD_TOKEN, '/');
        if (refusal.category !== 'busy') return context.html(signIn(), 401, SECURITY);
        return context.html(signIn(), 429, { ...SECURITY, 'retry-after': String(refusal.retryAfterSeconds) });
      }
      const cookie = `${COOKIE}=${encodeURIComponent(token)}; HttpOnly; SameSite=Strict; Path=/; Max-Age=28800`;
      return new Response(null, { status: 303, headers: { location: '/', 'set-cookie': cookie } });
    });
}

const BAD_TOKEN: Refusal = {
  category: 'unauthenticated',
  code: 'access/bad-token',
  sentence: SENTENCES['access/bad-token'],
  at: 'token',
};

function cookieOf(request: Request): string {
  const found = new RegExp(`(?:^|; )${COOKIE}=([^;]{1,256})`).exec(request.headers.get('cookie') ?? '')?.[1] ?? '';
  try {
    return decodeURIComponent(found);
  } catch {
    return '';
  }
}

const STYLE = `:root{color-scheme:light dark;--line:color-mix(in srgb,currentColor 18%,transparent)}
body{font:16px/1.5 system-ui,"Noto Sans CJK SC",sans-serif;margin:0 auto;max-width:64rem;padding:2rem 1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2.2rem 0 .6rem}p{margin:.3rem 0}
dl{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.6rem;margin:0}
dl div{border:1px solid var(--line);border-radius:.5rem;padding:.6rem .8rem}
dt{font-size:.82rem;opacity:.75}dd{margin:0;font-size:1.35rem;font-variant-numeric:tabular-nums}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{text-align:left;padding:.35rem .7rem .35rem 0;border-bottom:1px solid var(--line);font-variant-numeric:tabular-nums;white-space:nowrap}
.note{border-left:4px solid #c80;padding:.2rem .8rem;margin:1rem 0}.ok{color:#178a3c}.bad{color:#c22}
input,button{font:inherit;padding:.5rem .8rem}`;

function page(title: string, body: unknown) {
  return html`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${title}</title><style>${raw(STYLE)}</style></head><body>${body}</body></html>`;
}

function signIn() {
  return page(
    'Concord',
    html`<main><h1>Concord 互认网关</h1>
<form method="post" action="/"><p><label>管理员令牌 Administrator's token<br><input type="password" name="token" autocomplete="current-password" required></label></p>
<p><button>进入 Open</button></p></form></main>`,
  );
}

async function overview(gateway: Gateway) {
  const [counts, verification, envelopes, { catalogue, facilities }] = await Promise.all([
    gateway.store.read.counts(),
    verifyLedger(gateway, { running: true }),
    gateway.store.read.envelopes({ limit: 50 }),
    gateway.reference.current(),
  ]);
  const tile = (label: string, value: string | number) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`;
  return page(
    'Concord 互认网关',
    html`<main>
<h1>Concord 互认网关</h1>
<p>检查检验结果互认 · ${facilities.size} 家机构 facilities</p>
${catalogue?.sample === false ? '' : html`<p class="note">示例目录，须经属地质控中心确认 · Sample catalogue and prices: figures are not real savings.</p>`}
<h2>消息 Messages</h2>
<dl>${tile('已存 stored', counts.envelopes.stored)}${tile('隔离 quarantined', counts.envelopes.quarantined)}${tile('退回 rejected', counts.envelopes.rejected)}${tile('待处理 pending', counts.envelopes.pending)}
${tile('重发 resends', counts.receipts)}${tile('结果输入 results in', counts.resultsIn)}${tile('结果入库 stored', counts.resultsStored)}${tile('问题 as problems', counts.resultProblems)}
${tile('患者 patients', counts.patients)}${tile('自然人 persons', counts.persons)}</dl>
<h2>提示 Offers</h2>
<dl>${tile('提示 offers', counts.offers)}${tile('采用 accepted', counts.accepted)}${tile('未采用 refused', counts.refused)}${tile('撤销 revoked', counts.revoked)}
${tile('节省 saved', `¥${yuan(counts.savedFen)}`)}${tile('无价项目 accepted without amount', counts.acceptedWithoutAmount)}</dl>
<p>金额为按询问医嘱计的暂计值，未扣除重检 · Provisional: counted on orders asked about, repeats not yet netted.</p>
<h2>账本 Ledger</h2>
<p class="${verification.ok ? 'ok' : 'bad'}">${verification.ok ? '✓ 校验通过 verified' : '✗ 校验失败 broken'}: ${verification.chains.length} 链 chains, ${verification.sealed} 已封 sealed, ${verification.entries} 条目 entries</p>
<h2>最近消息 Latest messages</h2>
<div class="scroll"><table><thead><tr><th>时间 received</th><th>机构 facility</th><th>结果 outcome</th><th>输入 in</th><th>入库 stored</th><th>问题 problems</th><th>收到次数 receipts</th></tr></thead>
<tbody>${envelopes.map((envelope) => html`<tr><td>${envelope.receivedAt}</td><td>${facilities.get(envelope.facility)?.name ?? envelope.facility}</td><td>${envelope.outcome}</td><td>${envelope.resultsIn}</td><td>${envelope.resultsStored}</td><td>${envelope.problems}</td><td>${envelope.receipts}</td></tr>`)}</tbody></table></div>
</main>`,
  );
}

/** Fen as yuan with two decimals. */
export function yuan(fen: number): string {
  return `${Math.trunc(fen / 100)}.${String(Math.abs(fen % 100)).padStart(2, '0')}`;
}
