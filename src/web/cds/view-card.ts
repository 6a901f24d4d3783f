/** The card of an opened record: how much there is elsewhere, and where; no value, no offer. */
import { localDay } from '../../base/local-day.ts';
import type { EarlierElsewhere } from '../../gateway/earlier-elsewhere.ts';
import { targetName } from '../../recognition/words.ts';
import type { Told } from '../openapi/schemas.ts';
import type { viewCard } from './answers.ts';

/** Names in a line of the card. */
const NAMED_MAX = 12;

/** Undefined: there is nothing to say. */
export function viewCardOf(
  { catalogue, facilities, usable }: EarlierElsewhere,
  of: { readonly uuid: string; readonly zone: string },
): Told<typeof viewCard> | undefined {
  if (usable.length === 0) return undefined;
  const groups = [
    ...Map.groupBy(usable, ({ entry }) => `${entry.facility} ${localDay(entry.effectiveStart, of.zone)}`).values(),
  ];
  const lines = groups.map((group) => {
    const [first] = group as [(typeof group)[number], ...typeof group];
    const names = group.slice(0, NAMED_MAX).map(({ item }) => targetName(catalogue, item));
    const more = group.length > NAMED_MAX ? ` … ${group.length}` : '';
    const where = facilities.get(first.entry.facility)?.name ?? first.entry.facility;
    return `- ${where} ${localDay(first.entry.effectiveStart, of.zone)}：${names.join('、')}${more}`;
  });
  return {
    uuid: of.uuid,
    summary: `该患者在其他机构有 ${usable.length} 项仍可互认的结果 · ${usable.length} results elsewhere may be used`,
    detail: [
      ...(catalogue.sample ? ['> 示例，须经属地质控中心确认 · sample rules, not for clinical use', ''] : []),
      ...lines,
      '',
      '开单时会再提示 · You are asked again when you order.',
    ].join('\n'),
    indicator: 'info',
    source: { label: '检查检验结果互认 · Concord' },
  };
}
