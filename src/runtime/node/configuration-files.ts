/** The CSV files of configuration (SETTLED 23) as the bodies that `/admin` takes. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE_FILES } from '../../recognition/catalogue-tables.ts';
import { AdminFault } from './admin-client.ts';
import { type CsvTable, readCsv } from './read-csv.ts';

const FACILITY_COLUMNS = [
  'id',
  'name',
  'parent',
  'level',
  'area',
  'alliances',
  'zone',
  'update',
  'charset',
  'report_key',
  'patient_key_types',
  'national_id_type',
  'conflict_hours',
  'senders',
] as const;

export function facilitiesOf(table: CsvTable): readonly object[] {
  refuseUnknownColumns(table, FACILITY_COLUMNS);
  return table.records.map(({ fields }) => {
    const of = (column: (typeof FACILITY_COLUMNS)[number]): string => fields[column] ?? '';
    return {
      id: of('id'),
      name: of('name'),
      ...when('parent', of('parent')),
      level: Number(of('level')),
      area: of('area'),
      alliances: listOf(of('alliances')),
      zone: of('zone') || 'Asia/Shanghai',
      profile: {
        update: of('update') || 'delta',
        ...when('charset', of('charset')),
        ...whenList('reportKey', of('report_key')),
        ...whenList('patientKeyTypes', of('patient_key_types')),
        ...when('nationalIdType', of('national_id_type')),
        ...whenList('senders', of('senders')),
        ...(of('conflict_hours') === '' ? {} : { conflictHours: Number(of('conflict_hours')) }),
      },
    };
  });
}

export interface WantedChannel {
  readonly id?: string;
  readonly facility: string;
  readonly kind: string;
  readonly port?: number;
  readonly from?: string;
  readonly test: boolean;
}

export function channelsOf(table: CsvTable): readonly WantedChannel[] {
  refuseUnknownColumns(table, ['id', 'facility', 'kind', 'port', 'from', 'test']);
  return table.records.map(({ fields }) => ({
    ...when('id', fields['id'] ?? ''),
    facility: fields['facility'] ?? '',
    kind: fields['kind'] ?? '',
    ...((fields['port'] ?? '') === '' ? {} : { port: Number(fields['port']) }),
    ...when('from', fields['from'] ?? ''),
    test: ['yes', 'true', '1'].includes(fields['test'] ?? ''),
  }));
}

export function codesOf(table: CsvTable): readonly object[] {
  refuseUnknownColumns(table, ['facility', 'kind', 'system', 'code', 'display', 'target', 'seen']);
  return table.records.map(({ fields }) =>
    Object.fromEntries(Object.entries(fields).filter(([column]) => column !== 'seen')),
  );
}

/** Tables by file name; which are there is the folder's word, what they say the compiler's to judge. */
export function readCatalogueFolder(folder: string): Readonly<Record<string, CsvTable>> {
  const present = Object.keys(CATALOGUE_FILES).filter((file) => existsSync(join(folder, file)));
  if (present.length === 0)
    throw new AdminFault(`No catalogue table is in that folder (DIR) — it holds files such as items.csv.`);
  return Object.fromEntries(present.map((file) => [file, readCsv(join(folder, file))]));
}

function refuseUnknownColumns(table: CsvTable, known: readonly string[]): void {
  const unknown = table.columns.findIndex((column) => !known.includes(column));
  if (unknown >= 0)
    throw new AdminFault(`Column ${unknown + 1} of the file is none of: ${known.join(', ')} — mend its name.`);
}

function listOf(text: string): readonly string[] {
  return text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function when<K extends string>(key: K, text: string): { [P in K]?: string } {
  return (text === '' ? {} : { [key]: text }) as { [P in K]?: string };
}

function whenList(key: string, text: string): object {
  return text === '' ? {} : { [key]: listOf(text) };
}
