/** Zoncare (中旗) XML, root `zqecg`: 13 interleaved channels of 16 bits in µV, the last one empty (layout after BRAVEHEART's loader). */
import type { Parsed } from '../../base/problem.ts';
import { leadName } from '../../signals/leads.ts';
import type { Ecg } from '../../terms/parsed/ecg.ts';
import { pathOf, childOf, textOf, type XmlElement } from '../xml/element.ts';
import { draftOf, finish } from './draft.ts';
import { readBase64, readInt16 } from './integers.ts';
import { numberOf, ONE, rateOfHz, ZERO } from './values.ts';

const ORDER = [1, 2, 61, 62, 63, 64, 3, 4, 5, 6, 7, 8] as const;
const CHANNELS = 13;

export function readZoncare(root: XmlElement): Parsed<Ecg> {
  const draft = draftOf('zoncare');
  const { problems } = draft;
  // No real file was found: what stands here was told by another reader's source.
  problems.add('ecg/variant-unproven', 'warning', 'zqecg');
  draft.device = { maker: 'Zoncare' };
  const data = childOf(root, 'data');
  const at = data === undefined ? 'zqecg' : pathOf(data);
  const rate = rateOfHz(numberOf(textOf(root, 'sample')));
  const bytes = readBase64(textOf(data) ?? '');
  const leads = Number(numberOf(textOf(root, 'lead')) ?? ORDER.length);
  if (rate === undefined) problems.add('ecg/rate-missing', 'error', 'zqecg/sample');
  if (bytes === undefined) problems.add('ecg/samples-unreadable', 'error', at);
  // How other numbers of leads lie in the data is not known.
  if (leads !== ORDER.length) problems.add('ecg/channels-unreadable', 'error', 'zqecg/lead');
  if (rate === undefined || bytes === undefined || leads !== ORDER.length) return finish(draft);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % (CHANNELS * 2)));
  if (whole.length < bytes.length) problems.add('ecg/lead-cut', 'warning', at);
  const seconds = Number(numberOf(textOf(root, 'second')) ?? 0);
  if (seconds * Number(rate.hz) > whole.length / (CHANNELS * 2)) problems.add('ecg/fewer-samples', 'warning', at);
  if (whole.length > 0)
    draft.groups.push({
      kind: 'rhythm',
      rate,
      leads: ORDER.map((number, channel) => ({
        name: leadName(number) as string,
        number,
        samples: readInt16(whole, channel, CHANNELS),
        scale: ONE,
        offset: ZERO,
        at,
      })),
      at,
    });
  return finish(draft);
}
