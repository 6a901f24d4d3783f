/** A channel's definition (003A,0200): which lead it is, and what its integers are in µV. */
import { scaleDecimal } from '../../../base/decimal.ts';
import type { ProblemList } from '../../../base/problem-list.ts';
import { leadName, leadNumber } from '../../../signals/leads.ts';
import type { EcgLead } from '../../../terms/parsed/ecg.ts';
import type { DicomItem } from '../../dicom/read-dataset.ts';
import { microvolts, numberOf, ONE, ZERO } from '../values.ts';
import type { ChannelSamples } from './samples.ts';

export function channelsOf(definitions: readonly DicomItem[], channels: number): readonly (DicomItem | undefined)[] {
  return Array.from({ length: channels }, (_, k) => definitions[k]);
}

export function leadOf(
  definition: DicomItem | undefined,
  of: Pick<ChannelSamples, 'bits' | 'signed' | 'padding'> & {
    readonly samples: Int32Array | Float64Array;
    readonly at: string;
  },
  problems: ProblemList,
): EcgLead {
  const { at, bits, signed, padding } = of;
  const source = definition?.items('003a0208')[0];
  const number = numberOfSource(source);
  const meaning = source?.text('00080104') ?? definition?.text('003a0203');
  if (number === undefined) problems.add('ecg/lead-unknown', 'warning', `${at}(003A,0208)`);
  const stored = definition?.uint16('003a021a');
  const samples =
    stored !== undefined && stored < bits && signed && of.samples instanceof Int32Array
      ? signExtended(of.samples, stored, { at, padding }, problems)
      : of.samples;
  const skew = Number(numberOf(definition?.text('003a0214')) ?? 0);
  if (skew !== 0) problems.add('ecg/channel-skew', 'information', `${at}(003A,0214)`);
  return {
    name: (number === undefined ? undefined : leadName(number)) ?? meaning ?? '?',
    ...(number === undefined ? {} : { number }),
    samples,
    ...voltagesOf(definition, at, problems),
    ...(padding === undefined ? {} : { absent: padding }),
    at,
  };
}

/** `SCPECG 5.6.3-9-N`, `MDC 2:N`; else the meaning. */
function numberOfSource(source: DicomItem | undefined): number | undefined {
  const code = source?.text('00080100') ?? '';
  const coded = /^5\.6\.3-9-(\d{1,3})$/.exec(code)?.[1] ?? /^2:(\d{1,3})$/.exec(code)?.[1];
  if (coded !== undefined && leadName(Number(coded)) !== undefined) return Number(coded);
  return leadNumber(source?.text('00080104') ?? '') ?? leadNumber(code);
}

function voltagesOf(
  definition: DicomItem | undefined,
  at: string,
  problems: ProblemList,
): Pick<EcgLead, 'scale' | 'offset'> {
  const sensitivity = numberOf(definition?.text('003a0210'));
  const unit = definition?.items('003a0211')[0]?.text('00080100');
  const correction = numberOf(definition?.text('003a0212')) ?? ONE;
  const product = sensitivity === undefined ? undefined : scaleDecimal(sensitivity, correction, ONE);
  const scale = microvolts(product, unit);
  if (scale === undefined || Number(scale) === 0) {
    problems.add('ecg/scale-missing', 'error', `${at}(003A,0210)`);
    return { offset: ZERO };
  }
  const baseline = numberOf(definition?.text('003a0213')) ?? ZERO;
  return { scale, offset: microvolts(baseline, unit) ?? ZERO };
}

/** The sign of samples that use fewer bits than they are stored in; as they are, and told, where they use more. */
function signExtended(
  samples: Int32Array,
  stored: number,
  { at, padding }: { readonly at: string; readonly padding: number | undefined },
  problems: ProblemList,
): Int32Array {
  const [half, whole] = [2 ** (stored - 1), 2 ** stored];
  const isOutside = (value: number): boolean => value !== padding && (value >= whole || value < -half);
  if (stored < 2 || samples.some(isOutside)) {
    problems.add('ecg/bits-stored-wrong', 'warning', `${at}(003A,021A)`);
    return samples;
  }
  return samples.map((value) => (value !== padding && value >= half ? value - whole : value));
}
