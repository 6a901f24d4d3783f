/** A region as files: what `concord simulate --seed --out DIR` writes, readable by the commands of SETTLED 23. */
import { utf8 } from '../base/bytes.ts';
import type { Region } from './region.ts';
import type { RegionEvent } from './region-event.ts';
import { createTally } from './stats.ts';

export interface RegionFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

const SAMPLE = '# SAMPLE DATA of a simulated region, not for clinical use: 示例，须经属地质控中心确认';

/** One after another: message bytes are never held together, the timeline's lines are (about 300 bytes an event). */
export function* regionFiles(region: Region): Generator<RegionFile, void, undefined> {
  yield text('facilities.csv', facilitiesCsv(region));
  yield text('channels.csv', channelsCsv(region));
  yield text('codes.csv', codesCsv(region));
  yield text('catalogue/marks.csv', marksCsv(region));
  yield text('catalogue/prices.csv', pricesCsv(region));
  const lines: string[] = [];
  const tally = createTally();
  for (const event of region.events()) {
    tally.add(event);
    lines.push(`${timelineLine(event)}\n`);
    if (event.kind === 'message' && event.purpose !== 'resend') yield { path: event.file, bytes: event.bytes };
  }
  yield text('timeline.jsonl', lines.join(''));
  yield text('stats.json', `${JSON.stringify(tally.stats(), undefined, 2)}\n`);
}

/** What a player of the timeline needs, without the simulator's own knowledge of persons and purposes. */
export function timelineLine(event: RegionEvent): string {
  if (event.kind === 'message') {
    const { at, kind, facility, file, via } = event;
    return JSON.stringify({ at, kind, facility, file, via });
  }
  const { at, kind, facility, encounter, patient, orders, practitioner, intent, reason, performs } = event;
  return JSON.stringify({ at, kind, facility, encounter, patient, orders, practitioner, intent, reason, performs });
}

function facilitiesCsv({ facilities }: Region): string {
  const header =
    'id,name,parent,level,area,alliances,zone,update,charset,report_key,patient_key_types,national_id_type,conflict_hours';
  return csv(
    header,
    facilities.map(({ id, name, parent, level, area, alliances, profile }) => [
      id,
      name,
      parent ?? '',
      String(level),
      area,
      alliances.join(';'),
      '',
      profile.update === 'delta' ? '' : profile.update,
      profile.charset ?? '',
      profile.reportKey?.join(';') ?? '',
      profile.patientKeyTypes?.join(';') ?? '',
      profile.nationalIdType ?? '',
      profile.conflictHours?.toString() ?? '',
    ]),
  );
}

function channelsCsv({ channels }: Region): string {
  return csv(
    'facility,kind,port,from,test',
    channels.map(({ facility, kind, port, test }) => [facility, kind, port?.toString() ?? '', '', test ? 'yes' : '']),
  );
}

function codesCsv({ codes }: Region): string {
  return csv(
    'facility,kind,system,code,display,target',
    codes.map(({ facility, kind, system, code, display, target }) => [facility, kind, system, code, display, target]),
  );
}

function marksCsv({ marks }: Region): string {
  return csv(
    `${SAMPLE}\nfacility,item,reach,within,label,batch,valid_from,valid_to`,
    marks.map(({ facility, item, reach, within, label, batch, validFrom, validTo }) => [
      facility,
      item,
      reach,
      within.join(';'),
      label,
      batch,
      validFrom,
      validTo ?? '',
    ]),
  );
}

function pricesCsv({ prices }: Region): string {
  return csv(
    `${SAMPLE}\nprice_item,facility,level,area,fen,valid_from,valid_to,source`,
    prices.map(({ priceItem, facility, level, area, fen, validFrom, validTo, source }) => [
      priceItem,
      facility ?? '',
      level?.toString() ?? '',
      area ?? '',
      String(fen),
      validFrom,
      validTo ?? '',
      source,
    ]),
  );
}

function csv(header: string, rows: readonly (readonly string[])[]): string {
  return [header, ...rows.map((cells) => cells.map(cell).join(','))].join('\n') + '\n';
}

function cell(value: string): string {
  return /[",\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function text(path: string, content: string): RegionFile {
  return { path, bytes: utf8(content) };
}
