/** An earlier result to read the new one against: a card that informs, with nothing to accept and nothing that feedback could name. */
import type { Answer, AnsweredOrder } from '../../gateway/answer.ts';
import { comparisonNote } from '../../recognition/comparison.ts';
import { targetName } from '../../recognition/words.ts';
import type { Told } from '../openapi/schemas.ts';
import { facilityName } from '../recognition/print-answer.ts';
import type { comparisonCard } from './answers.ts';
import { cut, dayOf, doubtsOf, NO_CONCLUSION, resultRow, sampleLines, sourceOf, TABLE_HEAD } from './card-text.ts';

export function comparisonCardOf(
  answer: Answer,
  { item, entry, checks }: AnsweredOrder['compared'][number],
): Told<typeof comparisonCard> {
  const name = targetName(answer.catalogue, item);
  const note = comparisonNote({ nameZh: name, nameEn: answer.catalogue.items.get(item)?.nameEn ?? item });
  const where = `${facilityName(answer, entry)} ${dayOf(entry, answer)}`;
  return {
    summary: cut(`${name}：${where} 的结果供对照，本次仍应重新检查`),
    detail: [
      ...sampleLines(answer),
      `**${note.zh} · ${note.en}.**`,
      '',
      ...TABLE_HEAD,
      resultRow(answer, item, entry),
      '',
      ...doubtsOf({ checks }).map((doubt) => `- ${doubt}`),
      '',
      NO_CONCLUSION,
    ].join('\n'),
    indicator: 'info',
    source: sourceOf(answer),
  };
}
