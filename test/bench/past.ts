/** The past decided again, beside reading it: orders of half a thousand people, most of whom were tested before. And settling. */
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { answer } from '../../src/gateway/answer.ts';
import { importCatalogue } from '../../src/gateway/catalogue-versions.ts';
import { receiveHl7v2 } from '../../src/gateway/receive-hl7v2.ts';
import { reply } from '../../src/gateway/reply.ts';
import { settleOffer } from '../../src/gateway/settle.ts';
import { whatIf } from '../../src/gateway/what-if/what-if.ts';
import { readCatalogueFolder } from '../../src/runtime/node/configuration-files.ts';
import { CITY, COUNTY, expectOk, openWorld, type TestWorld } from '../support/gateway.ts';
import { ELECTROLYTES, oru, residentNumber } from '../support/messages.ts';
import { startPostgres } from '../support/postgres.ts';
import { type BenchLine, perSecond } from './bench-line.ts';

const ORDERS = { short: 20_000, plain: 60_000, large: 200_000 } as const;
const PEOPLE = 500;
const SETTLED = 400;
const LANES = 4;

export async function benchPast(size: keyof typeof ORDERS): Promise<readonly BenchLine[]> {
  const server = await startPostgres({ durable: true });
  const world = await openWorld({ name: 'PostgreSQL', url: server.url, close: () => server.stop() });
  const sql = postgres(server.url, { max: 2, onnotice: () => undefined });
  try {
    const offers = await ask(world);
    await multiply(sql, ORDERS[size]);
    return [...(await again(world, sql, ORDERS[size])), await settling(world, sql, offers)];
  } finally {
    await sql.end();
    await world.close();
    await server.stop();
  }
}

/** Everybody is tested at the county, four in five are asked about at the city; every offer is accepted. */
async function ask(world: TestWorld): Promise<readonly string[]> {
  const [county, city] = [await world.askerOf(COUNTY), await world.askerOf(CITY)];
  const encoder = new TextEncoder();
  const who = (index: number) => ({
    national: residentNumber('1970-03-05', index + 1),
    name: `试验${index}`,
  });
  await perSecond(PEOPLE, LANES, (index) =>
    receiveHl7v2(world.gateway, {
      ...county,
      bytes: encoder.encode(
        oru({
          controlId: `B${index}`,
          patient: { ...who(index), mrn: `K${index}`, birthDate: '19700305', sex: index % 2 === 0 ? 'M' : 'F' },
          collected: '20260301080000',
          reported: '20260301090000',
          // One in five was tested for something else.
          results: index % 5 === 0 ? ['NM|WBC^白细胞^L||6.2|10^9/L|3.5-9.5||||F'] : ELECTROLYTES,
          specimen: '血清',
        }),
      ),
    }),
  );
  const offers: string[] = [];
  await perSecond(PEOPLE, LANES, async (index) => {
    const { national, name } = who(index);
    const answered = expectOk(
      await answer(world.gateway, city, {
        patient: {
          identifiers: [
            { type: 'PI', system: '', value: `C${index}`, at: 'patient' },
            { type: '', system: 'urn:oid:2.16.156.10011.1.3', value: national, at: 'patient' },
          ],
          names: [name],
          birthDate: '1970-03-05',
          sex: index % 2 === 0 ? 'male' : 'female',
          at: 'patient',
        },
        encounter: `E${index}`,
        orders: [{ key: `o${index}`, system: '', code: 'DJZ' }],
      }),
    );
    const offer = answered.items[0]?.offer ?? null;
    if (offer === null) return;
    offers.push(offer);
    expectOk(await reply(world.gateway, city, { offer, outcome: 'accepted', at: world.clock.now() }));
  });
  return offers;
}

/** The same orders in other visits, until there are as many. */
async function multiply(sql: postgres.Sql, count: number): Promise<void> {
  const columns = await sql<{ name: string }[]>`
    select attname as name from pg_attribute where attrelid = 'asked_order'::regclass and attnum > 0 and not attisdropped`;
  const copied = columns.map(({ name }) => {
    if (name === 'id') return `'${randomUUID()}-' || n || '-' || a.id`;
    if (name === 'encounter_mac') return `a.encounter_mac || n`;
    return name === 'at' ? `a.at + n * interval '1 second'` : `a.${name}`;
  });
  const times = Math.ceil(count / PEOPLE) - 1;
  const names = columns.map(({ name }) => name).join(', ');
  await sql.unsafe(
    `insert into asked_order (${names}) select ${copied.join(', ')} from asked_order a, generate_series(1, ${times}) n`,
  );
  await sql`analyze`;
}

const SPAN = { from: '2026-02-28', to: '2026-03-31' };

async function again(world: TestWorld, sql: postgres.Sql, count: number): Promise<readonly BenchLine[]> {
  const active = (await world.gateway.reference.current()).catalogue?.digest ?? '';
  const tables = readCatalogueFolder(new URL('../../mappings/catalogue', import.meta.url).pathname);
  const wider = await importCatalogue(world.gateway, widened(tables), { activate: false });
  const run = async (candidate: string): Promise<number> => {
    const begin = performance.now();
    let orders = 0;
    for await (const step of expectOk(await whatIf(world.gateway, { candidate, ...SPAN }))) ({ orders } = step);
    return (orders * 1000) / (performance.now() - begin);
  };
  const begin = performance.now();
  let read = 0;
  for await (const page of sql`select * from asked_order order by bucket, patient, at, id`.cursor(500))
    read += page.length;
  const theirs = (read * 1000) / (performance.now() - begin);
  const before = process.memoryUsage().rss;
  const same = await run(active);
  const other = await run(wider.catalogue?.digest ?? '');
  const grown = Math.round((process.memoryUsage().rss - before) / 2 ** 20);
  const yardstick = 'reading the same rows by a cursor';
  const memory = `memory grew by ${grown} MiB over both`;
  return [
    {
      what: `what-if, ${count} orders, the catalogue of then`,
      unit: 'orders/s',
      ours: same,
      yardstick,
      theirs,
      note: memory,
    },
    { what: `what-if, ${count} orders, windows four times as long`, unit: 'orders/s', ours: other, yardstick, theirs },
  ];
}

function widened(tables: ReturnType<typeof readCatalogueFolder>) {
  const { 'marks.csv': _marks, 'items.csv': items, ...kept } = tables;
  if (items === undefined) throw new Error('no items');
  const records = items.records.map(({ line, fields }) => ({
    line,
    fields: ['K', 'NA', 'CL', 'CA'].includes(fields['item'] ?? '') ? { ...fields, window_hours: '288' } : fields,
  }));
  return { ...kept, 'items.csv': { columns: items.columns, records } };
}

/** Each in the transaction that settles it, beside single durable inserts. */
async function settling(world: TestWorld, sql: postgres.Sql, offers: readonly string[]): Promise<BenchLine> {
  const due = offers.slice(0, SETTLED);
  world.clock.turnTo('2026-04-20T00:00:00Z');
  const ours = await perSecond(due.length, LANES, (index) =>
    settleOffer(world.gateway, { reference: due[index] ?? '' }),
  );
  await sql`create table settled (id int primary key, said text)`;
  const theirs = await perSecond(due.length, LANES, (index) => sql`insert into settled values (${index}, 'settled')`);
  return {
    what: `settle, ${due.length} acceptances of four charges each, ${LANES} at a time`,
    unit: 'offers/s',
    ours,
    yardstick: 'single durable inserts, two at a time',
    theirs,
  };
}
