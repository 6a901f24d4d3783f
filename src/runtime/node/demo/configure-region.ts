/** Brings a simulated region's configuration in through `/admin`, as an operator would with the command line. */
import { resolve } from 'node:path';
import { regionFiles } from '../../../simulation/files.ts';
import type { Region } from '../../../simulation/region.ts';
import type { AdminClient } from '../admin-client.ts';
import { channelsOf, codesOf, facilitiesOf, readCatalogueFolder, type WantedChannel } from '../configuration-files.ts';
import { freePort } from '../free-port.ts';
import { type CsvTable, parseCsv } from '../read-csv.ts';

/** How a facility reaches the gateway in the demo. */
export interface FacilityDoors {
  client: { readonly id: string; readonly secret: string };
  mllpPort?: number;
  testPort?: number;
}

/** The sample catalogue that ships with the project. */
const CATALOGUE_FOLDER = resolve(import.meta.dirname, '../../../../mappings/catalogue');

export async function configureRegion(admin: AdminClient, region: Region): Promise<ReadonlyMap<string, FacilityDoors>> {
  const tables = configurationTables(region);
  const table = (path: string): CsvTable => tables.get(path) as CsvTable;
  await admin.post('/facilities', facilitiesOf(table('facilities.csv')));
  await importTables(admin, readCatalogueFolder(CATALOGUE_FOLDER));
  await importTables(admin, { 'marks.csv': table('catalogue/marks.csv'), 'prices.csv': table('catalogue/prices.csv') });
  await admin.post('/codes', codesOf(table('codes.csv')));
  const doors = new Map<string, FacilityDoors>();
  for (const wanted of channelsOf(table('channels.csv'))) await addDoor(admin, wanted, doors);
  return doors;
}

/** The files before the first message, parsed as the command line parses them. */
function configurationTables(region: Region): ReadonlyMap<string, CsvTable> {
  const tables = new Map<string, CsvTable>();
  for (const { path, bytes } of regionFiles(region)) {
    if (!path.endsWith('.csv')) break;
    tables.set(path, parseCsv(new TextDecoder().decode(bytes), path));
  }
  return tables;
}

async function importTables(admin: AdminClient, tables: Readonly<Record<string, CsvTable>>): Promise<void> {
  const { status, body } = await admin.tryPost<{ problems: readonly { code: string; at: string }[] }>(
    '/catalogue',
    tables,
  );
  if (status !== 200)
    throw new Error(
      `the sample catalogue does not compile: ${body.problems.map(({ code, at }) => `${code} ${at}`).join('; ')}`,
    );
}

async function addDoor(admin: AdminClient, wanted: WantedChannel, doors: Map<string, FacilityDoors>): Promise<void> {
  const door = doors.get(wanted.facility) ?? { client: { id: '', secret: '' } };
  doors.set(wanted.facility, door);
  if (wanted.kind === 'client') {
    const { channel, secret } = await admin.post<{ channel: string; secret: string }>('/channels', wanted);
    door.client = { id: channel, secret };
    return;
  }
  // The region's own ports may be taken on this machine: each door gets a free one.
  const port = await freePort();
  await admin.post('/channels', { ...wanted, port });
  if (wanted.test) door.testPort = port;
  else door.mllpPort = port;
}
