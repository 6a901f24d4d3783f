/** A gateway over a real database with a clock that tests turn, a few facilities and the sample catalogue. */
import { resolve } from 'node:path';
import type { Outcome } from '../../src/base/outcome.ts';
import { answer, type Answer, type Asker } from '../../src/gateway/answer.ts';
import { addChannel } from '../../src/gateway/channels.ts';
import { putCodes, putFacilities } from '../../src/gateway/configure.ts';
import { importCatalogue } from '../../src/gateway/catalogue-versions.ts';
import { createGateway, type Gateway } from '../../src/gateway/gateway.ts';
import { type Received, receiveHl7v2 } from '../../src/gateway/receive-hl7v2.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Keys } from '../../src/ports/keys.ts';
import type { Outbound } from '../../src/ports/outbound.ts';
import type { Store } from '../../src/ports/store.ts';
import { createAesCipher } from '../../src/runtime/node/aes-cipher.ts';
import { systemRandom } from '../../src/runtime/node/clock.ts';
import { readCatalogueFolder } from '../../src/runtime/node/configuration-files.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { ChannelId } from '../../src/terms/channel.ts';
import type { CodeMapRow } from '../../src/terms/code-map.ts';
import { DEFAULT_PROFILE, type Facility, type FacilityId, type FacilityProfile } from '../../src/terms/facility.ts';
import type { Instant } from '../../src/terms/instant.ts';
import type { Question } from '../../src/terms/question.ts';
import { startPostgres } from './postgres.ts';
import { noPostgres } from './required.ts';
import { openMigratedPglite } from './store-kit.ts';

export interface TurnableClock extends Clock {
  turnTo(instant: string): void;
}

export function turnableClock(start: string): TurnableClock {
  let now = new Date(start).toISOString() as Instant;
  return {
    now: () => now,
    turnTo(instant) {
      now = new Date(instant).toISOString() as Instant;
    },
  };
}

export function testKeys(): Keys {
  const key = (fill: number): Uint8Array => new Uint8Array(32).fill(fill);
  return {
    index: key(1),
    indexId: 'test',
    id: key(2),
    pseudonym: key(3),
    token: key(4),
    cipher: createAesCipher(key(5)),
  };
}

export interface TestDatabase {
  readonly name: 'PGlite' | 'PostgreSQL';
  readonly url: string;
  close(): Promise<void>;
}

const BOTH: readonly { readonly name: TestDatabase['name']; open(): Promise<TestDatabase> }[] = [
  {
    name: 'PGlite',
    async open() {
      const embedded = await openMigratedPglite();
      return { name: 'PGlite', url: embedded.url, close: () => embedded.close() };
    },
  },
  {
    name: 'PostgreSQL',
    async open() {
      const server = await startPostgres();
      return { name: 'PostgreSQL', url: server.url, close: () => server.stop() };
    },
  },
];

/** Both databases behave alike: suites run over these, the embedded one first. */
export const DATABASES = noPostgres() === undefined ? BOTH : BOTH.slice(0, 1);

export const COUNTY = 'county' as FacilityId;
export const CITY = 'city' as FacilityId;
export const TOWN = 'town' as FacilityId;

function facility(id: FacilityId, name: string, level: 1 | 2 | 3, profile: Partial<FacilityProfile> = {}): Facility {
  return {
    id,
    name,
    level,
    area: '000001',
    alliances: ['alliance'],
    zone: 'Asia/Shanghai',
    profile: { ...DEFAULT_PROFILE, ...profile },
  };
}

export interface TestWorld {
  readonly gateway: Gateway;
  readonly store: Store;
  readonly clock: TurnableClock;
  /** Sends one message's text as UTF-8 over a facility's production channel. */
  send(from: FacilityId, text: string): Promise<Received>;
  ask(by: FacilityId, question: Question): Promise<Answer>;
  askerOf(by: FacilityId): Promise<Asker>;
  close(): Promise<void>;
}

const CATALOGUE = resolve(import.meta.dirname, '../../mappings/catalogue');
const CODES = ['WBC', 'RBC', 'HGB', 'HCT', 'PLT', 'K', 'NA', 'CL', 'CA'];

/** County, city and town hospital, all marked for a few items, with local codes equal to item ids. */
export async function openWorld(
  database: TestDatabase,
  options: { readonly townProfile?: Partial<FacilityProfile>; readonly outbound?: Outbound } = {},
): Promise<TestWorld> {
  const clock = turnableClock('2026-03-01T03:00:00Z');
  const keys = testKeys();
  const store = await openStore({ url: database.url, keys, clock });
  const gateway = createGateway({
    store,
    clock,
    random: systemRandom,
    keys,
    regionZone: 'Asia/Shanghai',
    ...(options.outbound === undefined ? {} : { outbound: options.outbound }),
  });
  const facilities = [
    facility(COUNTY, '试验县医院', 2),
    facility(CITY, '试验市医院', 3),
    facility(TOWN, '试验卫生院', 1, options.townProfile),
  ];
  await putFacilities(gateway, facilities);
  for (const { id } of facilities)
    expectOk(await addChannel(gateway, { id: `${id}-client` as ChannelId, facility: id, kind: 'client', test: false }));
  const marks = facilities.flatMap(({ id }) => CODES.map((item) => ({ facility: id, item })));
  const columns = ['facility', 'item', 'reach', 'within', 'label', 'batch', 'valid_from', 'valid_to'];
  const imported = await importCatalogue(gateway, {
    ...readCatalogueFolder(CATALOGUE),
    'marks.csv': {
      columns,
      records: marks.map((mark, index) => ({
        line: index + 2,
        fields: {
          ...mark,
          reach: 'city',
          within: '0000',
          label: '试验HR',
          batch: 'T1',
          valid_from: '2026-01-01',
          valid_to: '',
        },
      })),
    },
  });
  if (imported.catalogue === undefined) throw new Error(JSON.stringify(imported.problems.slice(0, 5)));
  const rows = facilities.flatMap(({ id }): CodeMapRow[] => [
    ...CODES.map(
      (code): CodeMapRow => ({ facility: id, kind: 'result', system: '', code, display: code, target: code }),
    ),
    { facility: id, kind: 'order', system: '', code: 'XCG', display: '血细胞分析', target: 'CBC' },
    { facility: id, kind: 'order', system: '', code: 'DJZ', display: '电解质', target: 'ELECTROLYTES' },
    { facility: id, kind: 'order', system: '', code: 'HGB', display: '血红蛋白', target: 'HGB' },
  ]);
  expectOk(await putCodes(gateway, rows));

  const askerOf = async (by: FacilityId): Promise<Asker> => {
    const reference = await gateway.reference.current();
    const channel = reference.channels.get(`${by}-client` as ChannelId);
    const asking = reference.facilities.get(by);
    if (channel === undefined || asking === undefined) throw new Error('a facility that the test did not make');
    return { facility: asking, channel };
  };
  return {
    gateway,
    store,
    clock,
    askerOf,
    send: async (from, text) =>
      receiveHl7v2(gateway, { bytes: new TextEncoder().encode(text), ...(await askerOf(from)) }),
    ask: async (by, question) => expectOk(await answer(gateway, await askerOf(by), question)),
    close: () => store.close(),
  };
}

export function expectOk<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.code}`);
  return outcome.value;
}
