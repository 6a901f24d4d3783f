/**
 * DICOM waveforms (PS3.3 C.10.9, A.34): 12-lead, general, ambulatory and 32-bit ECG. A value is raw × sensitivity ×
 * correction + baseline, the baseline in units of the sensitivity. Real files outside the IODs' limits are read.
 */
import { LIMITS } from '../../../base/limits.ts';
import type { Parsed } from '../../../base/problem.ts';
import type { Ecg, EcgAcquisition, EcgDevice, EcgFilters, EcgGroup, EcgPatient } from '../../../terms/parsed/ecg.ts';
import { type DicomItem, readDataset } from '../../dicom/read-dataset.ts';
import { draftOf, type EcgDraft, finish, unreadable } from '../draft.ts';
import { numberOf, present, rateOfHz, sexOf, timeOf } from '../values.ts';
import { readDicomAnnotations } from './annotations.ts';
import { channelsOf, leadOf } from './channel.ts';
import { readChannels } from './samples.ts';

export function readDicomEcg(bytes: Uint8Array): Parsed<Ecg> {
  const draft = draftOf('dicom');
  const { value: dataset, problems } = readDataset(bytes);
  if (dataset === undefined) return { value: undefined, problems };
  const waveforms = dataset.items('54000100');
  if (waveforms.length === 0) {
    const none = unreadable(draft, 'ecg/no-leads', '(5400,0100)');
    return { ...none, problems: [...problems, ...none.problems] };
  }
  const version = SOP_CLASSES.get(dataset.text('00080016') ?? '');
  if (version === undefined) draft.problems.add('ecg/class-unknown', 'warning', '(0008,0016)');
  else draft.version = version;
  draft.patient = patientOf(dataset);
  draft.acquisition = acquisitionOf(dataset);
  draft.device = deviceOf(dataset);
  for (const [k, item] of waveforms.slice(0, LIMITS.ecgGroupsMax).entries()) addGroup(item, k, draft);
  if (waveforms.length > LIMITS.ecgGroupsMax) draft.problems.add('ecg/too-many-groups', 'error', '(5400,0100)');
  draft.filters = filtersOf(waveforms);
  readDicomAnnotations(dataset, draft);
  // Texts are decoded while they are read: what was guessed is known by now.
  for (const { code, severity, at } of problems) draft.problems.add(code, severity, at);
  return finish(draft);
}

const SOP_CLASSES: ReadonlyMap<string, string> = new Map([
  ['1.2.840.10008.5.1.4.1.1.9.1.1', '12-lead'],
  ['1.2.840.10008.5.1.4.1.1.9.1.2', 'general'],
  ['1.2.840.10008.5.1.4.1.1.9.1.3', 'ambulatory'],
  ['1.2.840.10008.5.1.4.1.1.9.1.4', 'general 32-bit'],
]);

function addGroup(item: DicomItem, index: number, draft: EcgDraft): void {
  const at = `(5400,0100)[${index + 1}]`;
  const rate = rateOfHz(numberOf(item.text('003a001a')));
  const definitions = item.items('003a0200');
  const channels = item.uint16('003a0005') ?? definitions.length;
  if (rate === undefined) {
    draft.problems.add('ecg/rate-missing', 'error', `${at}(003A,001A)`);
    return;
  }
  if (channels === 0 || channels > LIMITS.ecgLeadsMax) {
    draft.problems.add('ecg/channels-unreadable', 'error', `${at}(003A,0005)`);
    return;
  }
  const samples = readChannels(item, { channels, at }, draft.problems);
  if (samples === undefined) return;
  const label = item.text('003a0020');
  const originality = item.text('003a0004');
  const offsetMs = numberOf(item.text('00181068'));
  const kind = isMedian(label, originality, Number(rate.periodMs) * (samples.leads[0]?.length ?? 0))
    ? 'median'
    : 'rhythm';
  const leads = channelsOf(definitions, channels).map((definition, k) =>
    leadOf(
      definition,
      { ...samples, samples: samples.leads[k] as Int32Array, at: `${at}(003A,0200)[${k + 1}]` },
      draft.problems,
    ),
  );
  const group: EcgGroup = {
    kind,
    ...(label === undefined ? {} : { label }),
    rate,
    ...(offsetMs === undefined || Number(offsetMs) === 0 ? {} : { offsetMs }),
    leads,
    at,
  };
  (kind === 'median' ? draft.medians : draft.groups).push(group);
}

/** By its label, or derived and no longer than a beat. */
function isMedian(label: string | undefined, originality: string | undefined, ms: number): boolean {
  return /median|average|template|mean beat/i.test(label ?? '') || (originality === 'DERIVED' && ms < 2_000);
}

function patientOf(dataset: DicomItem): EcgPatient {
  const [name = ''] = (dataset.text('00100010') ?? '').split('=').filter((part) => part.trim() !== '');
  const [family = '', given = ''] = name.split('^').map((part) => part.trim());
  const id = dataset.text('00100020');
  const age = /^(\d{3})([YMWD])$/.exec(dataset.text('00101010') ?? '');
  const value = numberOf(age?.[1]);
  const unit = ({ Y: 'a', M: 'mo', W: 'wk', D: 'd' } as const)[(age?.[2] ?? '') as 'Y'];
  return present<EcgPatient>({
    identifiers: id === undefined ? [] : [{ value: id, at: '(0010,0020)' }],
    family: given === '' ? undefined : family,
    given: given === '' ? undefined : given,
    name: given === '' && family !== '' ? family : undefined,
    birthDate: timeOf(dataset.text('00100030')),
    sex: sexOf(dataset.text('00100040')),
    age: value === undefined || unit === undefined ? undefined : { value, unit },
    at: '(0010,0010)',
  });
}

/** Acquisition time first; then the parts of acquisition, content and study. */
function acquisitionOf(dataset: DicomItem): EcgAcquisition {
  const offset = /^[+-]\d{4}$/.exec(dataset.text('00080201') ?? '')?.[0] ?? '';
  const zoned = (text: string | undefined): string | undefined =>
    text === undefined ? undefined : timeOf(/[+-]\d{4}$/.test(text) ? text : `${text}${offset}`);
  const both = (date: string, time: string): string | undefined => {
    const day = dataset.text(date);
    return day === undefined ? undefined : (zoned(`${day}${dataset.text(time) ?? ''}`) ?? timeOf(day));
  };
  const dated = zoned(dataset.text('0008002a'));
  return present<EcgAcquisition>({
    id: dataset.text('00080018'),
    start: dated ?? both('00080022', '00080032') ?? both('00080023', '00080033') ?? both('00080020', '00080030'),
    startAt: dated === undefined ? '(0008,0022)' : '(0008,002A)',
    facility: dataset.text('00080080'),
    department: dataset.text('00081040'),
    order: dataset.text('00080050'),
    visit: dataset.text('00380010'),
    technician: dataset.text('00081070')?.replaceAll('^', ' ').trim(),
    referrer: dataset.text('00080090')?.replaceAll('^', ' ').trim(),
    confirmer: dataset.text('00081060')?.replaceAll('^', ' ').trim(),
    reason: dataset.text('00321030') ?? dataset.text('00401002'),
  });
}

function deviceOf(dataset: DicomItem): EcgDevice {
  return present<EcgDevice>({
    maker: dataset.text('00080070'),
    model: dataset.text('00081090'),
    serial: dataset.text('00181000'),
    software: dataset.text('00181020'),
  });
}

/** Of the first channel that states any. */
function filtersOf(waveforms: readonly DicomItem[]): EcgFilters {
  for (const channel of waveforms.flatMap((waveform) => waveform.items('003a0200'))) {
    const cutOff = (tag: string) => {
      const hz = numberOf(channel.text(tag));
      return hz !== undefined && Number(hz) > 0 ? hz : undefined;
    };
    const filters = present<EcgFilters>({
      highPassHz: cutOff('003a0220'),
      lowPassHz: cutOff('003a0221'),
      notchHz: cutOff('003a0222'),
    });
    if (Object.keys(filters).length > 0) return filters;
  }
  return {};
}
