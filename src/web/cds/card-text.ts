/** What cards say of a result: a row of a table in GitHub-flavoured Markdown, and what speaks against it. */
import { localDay } from '../../base/local-day.ts';
import type { Answer } from '../../gateway/answer.ts';
import { targetName, valueText } from '../../recognition/words.ts';
import type { CheckResult } from '../../terms/check.ts';
import type { ResultEntry } from '../../terms/result-entry.ts';
import { facilityName } from '../recognition/print-answer.ts';

/** Limit of CDS Hooks 2.0 for `summary`, in characters. */
const SUMMARY_MAX = 139;

export function cut(text: string): string {
  const characters = Array.from(text);
  return characters.length <= SUMMARY_MAX ? text : `${characters.slice(0, SUMMARY_MAX - 1).join('')}…`;
}

export function sourceOf({ sample }: Answer): { readonly label: string } {
  return {
    label: sample ? '检查检验结果互认（示例目录） · Concord, sample catalogue' : '检查检验结果互认 · Concord',
  };
}

export function sampleLines({ sample }: Answer): readonly string[] {
  return sample ? ['> 示例，须经属地质控中心确认 · sample rules, not for clinical use', ''] : [];
}

export const TABLE_HEAD = ['| 项目 | 结果 | 单位 | 参考区间 | 时间 | 机构 |', '|---|---|---|---|---|---|'];

export const NO_CONCLUSION = '诊断结论不属于互认范围 · The diagnostic conclusion is not part of what is recognised.';

export function resultRow(answer: Answer, item: string, entry: ResultEntry): string {
  const unit = entry.value.kind === 'quantity' ? (entry.value.unit ?? '') : '';
  const flags = entry.interpretation.length === 0 ? '' : ` (${entry.interpretation.join(' ')})`;
  const cells = [
    targetName(answer.catalogue, item),
    `${valueText(entry.value)}${flags}`,
    unit,
    entry.referenceText ?? '',
    `${dayOf(entry, answer)} ${BASIS[entry.basis]}`,
    facilityName(answer, entry),
  ];
  return `| ${cells.map(escapeCell).join(' | ')} |`;
}

/** What the time of a result is of. */
const BASIS: Readonly<Record<ResultEntry['basis'], string>> = {
  collected: '采集 collected',
  performed: '检测 performed',
  reported: '报告 reported',
};

export function doubtsOf({ checks }: { readonly checks: readonly CheckResult[] }): readonly string[] {
  return checks
    .filter((check) => check.state === 'failed' || check.state === 'unknown')
    .map((check) => `${escapeCell(check.why.zh)} · ${escapeCell(check.why.en)}`);
}

/** Signs that change the direction of what follows: with them 2.6 is shown as 6.2. */
const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text of a hospital's stays text: no markup, no entity, no link of itself (`www.`, `://`, `@`), no cell break. */
function escapeCell(text: string): string {
  return text
    .replace(DIRECTIONS, '')
    .replace(/[\\`*_{}[\]<>#|~!&@]|:(?=\/\/)|(?<=www)\./gi, String.raw`\$&`)
    .replace(/\s+/g, ' ');
}

export function dayOf(entry: ResultEntry, answer: Answer): string {
  return localDay(entry.effectiveStart, answer.facilities.get(entry.facility)?.zone ?? answer.regionZone);
}
