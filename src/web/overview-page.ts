/** The overview page: messages, offers and the ledger by counts, codes and pseudonyms, without a script (SETTLED 29). */
import { html, raw } from 'hono/html';
import type { Verification } from '../gateway/verify-ledger.ts';
import type { Reference } from '../gateway/reference-cache.ts';
import type { Counts, EnvelopeSummary, LedgerLine, OfferSummary, Reliance } from '../ports/store-reads.ts';
import type { Decision, Verdict } from '../terms/decision.ts';
import type { EnvelopeOutcome } from '../terms/envelope.ts';
import type { FacilityId } from '../terms/facility.ts';
import type { Instant } from '../terms/instant.ts';
import type { LedgerEntry, LedgerKind } from '../terms/ledger-entry.ts';
import type { ReplyOutcome } from '../terms/reply.ts';
import type { Cached } from './cached.ts';
import { STYLE } from './overview-style.ts';
import { yuan } from './yuan.ts';

export interface Seen {
  readonly counts: Counts;
  readonly verification: Cached<Verification>;
  readonly relied: Cached<readonly Reliance[]>;
  readonly envelopes: readonly EnvelopeSummary[];
  readonly offers: readonly OfferSummary[];
  readonly ledger: readonly LedgerLine[];
  readonly reference: Reference;
  readonly zone: string;
  /** The most rows that a list holds. */
  readonly limit: number;
}

/** Chinese, and English beside it. */
type Words = readonly [zh: string, en: string];
type Markup = ReturnType<typeof html>;

const OUTCOME: Readonly<Record<EnvelopeOutcome, Words>> = {
  stored: ['已存', 'stored'],
  quarantined: ['隔离', 'quarantined'],
  rejected: ['退回', 'rejected'],
  pending: ['待处理', 'pending'],
};
const VERDICT: Readonly<Record<Verdict, Words>> = {
  recognise: ['可互认', 'recognise'],
  review: ['请复核', 'review'],
  'do-not': ['不互认', 'do not'],
};
const COVERAGE: Readonly<Record<Decision['coverage'], Words>> = {
  full: ['全部', 'full'],
  partial: ['部分', 'partial'],
  none: ['无', 'none'],
};
const KIND: Readonly<Record<LedgerKind, Words>> = {
  offered: ['提示', 'offered'],
  accepted: ['采用', 'accepted'],
  refused: ['未采用', 'refused'],
  revoked: ['撤销', 'revoked'],
  settled: ['确认', 'settled'],
  reversed: ['冲回', 'reversed'],
  corrected: ['更正', 'corrected'],
};
const NO_REPLY: Words = ['未回复', 'none yet'];

export function overviewPage(seen: Seen): Markup {
  const { reference, relied } = seen;
  return page(html`<header><h1>Concord <small>互认网关</small></h1>
<p>${both(['检查检验结果互认', 'mutual recognition of exam results'])} · ${reference.facilities.size} ${both(['家机构', 'facilities'])}</p></header>
${reference.catalogue?.sample === false ? '' : html`<p class="note">${both(['示例目录和价格，须经属地质控中心确认；所示金额不是真实节省。', 'Sample catalogue and prices: the amounts are not real savings.'])}</p>`}
${messages(seen.counts)}
${offers(seen)}
${ledger(seen)}
${section(['最近提示', 'Latest offers'], offerTable(seen))}
${relied.value.length === 0 ? '' : section(['引用了已撤回结果的提示', 'Offers that relied on a result retracted since'], relianceTable(seen))}
${section(['最近账目', 'Latest ledger entries'], ledgerTable(seen))}
${section(['最近消息', 'Latest messages'], envelopeTable(seen))}`);
}

export function signInPage(): Markup {
  return page(html`<header><h1>Concord <small>互认网关</small></h1></header>
<form method="post" action="/"><label>${both(['管理员令牌', "Administrator's token"])}
<input type="password" name="token" autocomplete="current-password" required autofocus></label>
<button>进入 Open</button></form>`);
}

function page(body: Markup): Markup {
  return html`<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>Concord 互认网关</title><style>${raw(STYLE)}</style></head><body><main>${body}</main></body></html>`;
}

function both([zh, en]: Words): Markup {
  return html`${zh} <span lang="en">${en}</span>`;
}

function section(title: Words, body: Markup): Markup {
  return html`<section><h2>${both(title)}</h2>${body}</section>`;
}

function tile(label: Words, value: string | number, alert = false): Markup {
  return html`<div${alert ? raw(' class="alert"') : ''}><dt>${both(label)}</dt><dd>${value}</dd></div>`;
}

function messages(counts: Counts): Markup {
  const tiles = (['stored', 'quarantined', 'rejected', 'pending'] as const).map((outcome) =>
    tile(OUTCOME[outcome], counts.envelopes[outcome]),
  );
  const distinct = Object.values(counts.envelopes).reduce((sum, count) => sum + count, 0);
  return section(
    ['消息', 'Messages'],
    html`<dl>${tiles}${tile(['重发', 'resends'], counts.receipts - distinct)}${tile(['收到结果', 'results in'], counts.resultsIn)}${tile(['结果入库', 'results stored'], counts.resultsStored)}${tile(['结果有问题', 'results told as problems'], counts.resultProblems)}${tile(['患者', 'patients'], counts.patients)}${tile(['自然人', 'persons'], counts.persons)}</dl>`,
  );
}

function offers({ counts, relied, limit }: Seen): Markup {
  const relying = new Set(relied.value.map(({ offer }) => offer)).size;
  const more = relied.value.length < limit ? '' : '+';
  return section(
    ['提示', 'Offers'],
    html`<dl>${tile(['提示', 'offers'], counts.offers)}${tile(KIND.accepted, counts.accepted)}${tile(KIND.refused, counts.refused)}${tile(KIND.revoked, counts.revoked)}${tile(['节省（毛额）', 'saved, gross'], `¥${yuan(counts.savedFen)}`)}${tile(['其中冲回', 'of it reversed'], `¥${yuan(counts.reversedFen)}`)}${tile(['其中确认', 'of it settled'], `¥${yuan(counts.settledFen)}`)}${tile(['采用但无价', 'accepted without amount'], counts.acceptedWithoutAmount)}${tile(['引用已撤回结果', 'relied on a retracted result'], `${relying}${more}`, relying > 0)}</dl>
<p>${both(['按询问医嘱计；期内重检的冲回，期满未重检的确认，其余为暂计。', 'Counted on orders asked about; what was done again within its term is reversed, what was not is settled, the rest is provisional.'])}</p>`,
  );
}

function ledger({ verification: { value, at }, zone }: Seen): Markup {
  const state: Words = value.ok ? ['✓ 校验通过', 'verified'] : ['✗ 校验失败', 'broken'];
  return section(
    ['账本', 'Ledger'],
    html`<p class="seal ${value.ok ? 'ok' : 'bad'}">${both(state)}</p>
<p>${value.chains.length} ${both(['条链', 'chains'])} · ${value.sealed} ${both(['笔已封', 'sealed'])} · ${value.entries} ${both(['笔账目', 'entries'])} · ${both(['校验于', 'checked at'])} ${time(at, zone)}</p>`,
  );
}

interface Column<T> {
  readonly title: Words;
  readonly number?: true;
  readonly cell: (row: T) => string | number | Markup;
}

/** A table scrolls in its own box, which the keyboard can reach; the page itself never scrolls sideways. */
function table<T>(label: string, columns: readonly Column<T>[], rows: readonly T[]): Markup {
  if (rows.length === 0) return html`<div class="scroll"><p class="empty">${both(['暂无', 'none yet'])}</p></div>`;
  const kind = ({ number }: Column<T>): Markup | string => (number === true ? raw(' class="number"') : '');
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table><thead><tr>${columns.map((column) => html`<th scope="col"${kind(column)}>${both(column.title)}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${columns.map((column) => html`<td${kind(column)}>${column.cell(row)}</td>`)}</tr>\n`)}</tbody></table></div>`;
}

function offerTable({ offers: rows, reference, zone }: Seen): Markup {
  const columns: readonly Column<OfferSummary>[] = [
    { title: ['时间', 'time'], cell: ({ at }) => time(at, zone) },
    { title: ['询问机构', 'asked by'], cell: ({ facility }) => nameOf(reference, facility) },
    { title: ['项目', 'item or panel'], cell: ({ target }) => targetOf(reference, target) },
    { title: ['结论', 'verdict'], cell: ({ verdict }) => both(VERDICT[verdict]) },
    { title: ['覆盖', 'coverage'], cell: ({ coverage }) => both(COVERAGE[coverage]) },
    { title: ['最后回复', 'last reply'], cell: ({ lastReply }) => replyOf(lastReply) },
  ];
  return table('最近提示 Latest offers', columns, rows);
}

function replyOf(reply: ReplyOutcome | null): Markup {
  return reply === null ? html`<span class="quiet">${both(NO_REPLY)}</span>` : both(KIND[reply]);
}

function relianceTable({ relied, reference, zone }: Seen): Markup {
  const columns: readonly Column<Reliance>[] = [
    { title: ['提示时间', 'offered'], cell: ({ at }) => time(at, zone) },
    { title: ['询问机构', 'asked by'], cell: ({ facility }) => nameOf(reference, facility) },
    { title: ['项目', 'item'], cell: ({ item }) => targetOf(reference, item) },
    { title: ['提示编号', 'offer'], cell: ({ offer }) => html`<code>${offer}</code>` },
  ];
  return table('引用了已撤回结果的提示 Offers that relied on a retracted result', columns, relied.value);
}

function ledgerTable({ ledger: rows, reference, zone }: Seen): Markup {
  const columns: readonly Column<LedgerLine>[] = [
    { title: ['时间', 'time'], cell: ({ entry }) => time(entry.at, zone) },
    { title: ['链', 'chain'], cell: ({ entry }) => nameOf(reference, entry.chain) },
    { title: ['序号', 'place'], number: true, cell: ({ seal }) => seal?.seq ?? unsealed() },
    { title: ['事项', 'kind'], cell: ({ entry }) => both(KIND[entry.kind]) },
    { title: ['项目', 'item or panel'], cell: ({ entry }) => targetOf(reference, entry.target) },
    { title: ['金额（元）', 'yuan'], number: true, cell: ({ entry }) => amountOf(entry) },
    { title: ['患者化名', 'pseudonym'], cell: ({ entry }) => html`<code>${entry.patientMac.slice(0, 8)}</code>` },
    { title: ['哈希', 'hash'], cell: ({ seal }) => html`<code>${seal?.entryHash.slice(0, 12) ?? '—'}</code>` },
  ];
  return table('最近账目 Latest ledger entries', columns, rows);
}

function unsealed(): Markup {
  return html`<span class="quiet">${both(['待封', 'unsealed'])}</span>`;
}

/** What an acceptance saves, or a settlement confirms or takes back; a price that is not known is no 0. */
function amountOf({ kind, savings }: LedgerEntry): string | Markup {
  if (savings.length === 0 && kind !== 'accepted') return '';
  const known = savings.flatMap(({ fen }) => (fen === null ? [] : [fen]));
  if (known.length === 0) return both(['无价', 'no amount']);
  const sum = yuan(known.reduce((total, fen) => total + fen, 0));
  return kind === 'reversed' ? `−${sum}` : sum;
}

function envelopeTable({ envelopes, reference, zone }: Seen): Markup {
  const columns: readonly Column<EnvelopeSummary>[] = [
    { title: ['收到时间', 'received'], cell: ({ receivedAt }) => time(receivedAt, zone) },
    { title: ['机构', 'facility'], cell: ({ facility }) => nameOf(reference, facility) },
    { title: ['处理', 'outcome'], cell: ({ outcome }) => both(OUTCOME[outcome]) },
    { title: ['收到', 'in'], number: true, cell: ({ resultsIn }) => resultsIn },
    { title: ['入库', 'stored'], number: true, cell: ({ resultsStored }) => resultsStored },
    { title: ['问题', 'problems'], number: true, cell: ({ problems }) => problems },
    { title: ['次数', 'receipts'], number: true, cell: ({ receipts }) => receipts },
  ];
  return table('最近消息 Latest messages', columns, envelopes);
}

function nameOf({ facilities }: Reference, id: FacilityId): string {
  return facilities.get(id)?.name ?? id;
}

function targetOf({ catalogue }: Reference, target: string): string | Markup {
  if (target === '') return both(['未对照', 'not mapped']);
  const known = catalogue?.panels.get(target) ?? catalogue?.items.get(target);
  return known === undefined ? target : both([known.nameZh, known.nameEn]);
}

/** Wall clock of the region; the instant itself for machines. */
function time(at: Instant, zone: string): Markup {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  return html`<time datetime="${at}">${shown.format(Date.parse(at))}</time>`;
}
