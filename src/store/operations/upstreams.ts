/** Hospitals' own FHIR servers, and where reading from each stands; the page to go on with is sealed. */
import { utf8 } from '../../base/bytes.ts';
import type { PullState, Upstream } from '../../ports/fhir-source.ts';
import type { UpstreamStore } from '../../ports/store-upstreams.ts';
import type { Database } from '../driver/database.ts';
import { columnsOf, insertOf, plainBytes, rowsParam, byteaText } from '../driver/statement.ts';
import { pullState } from '../schema/path-tables.ts';
import { upstream } from '../schema/reference-tables.ts';
import type { StoreContext } from './context.ts';

const LIST = `select ${columnsOf(upstream)} from upstream order by facility`;
const PUT = insertOf(
  upstream,
  `on conflict (facility) do update set channel = excluded.channel, base_url = excluded.base_url, token_url = excluded.token_url,
    client_id = excluded.client_id, secret_name = excluded.secret_name, scope = excluded.scope`,
);
const REMOVE = 'delete from upstream where facility = $1 returning facility';
const STATE = `select ${columnsOf(pullState)} from pull_state where facility = $1`;
const PUT_STATE = insertOf(
  pullState,
  `on conflict (facility) do update set since = excluded.since, key_id = excluded.key_id, next_page = excluded.next_page,
    pulled_at = excluded.pulled_at, last_fault = excluded.last_fault`,
);

const decoder = new TextDecoder();

export function createUpstreamStore(database: Database, { cipher }: StoreContext): UpstreamStore {
  return {
    list: () => database.run<Upstream>(LIST),
    put: async (one) => void (await database.run(PUT, [rowsParam([one])])),
    remove: async (facility) => (await database.run(REMOVE, [facility])).length > 0,
    state: async (facility) => {
      const [row] = await database.run<typeof pullState.$inferSelect>(STATE, [facility]);
      if (row === undefined) return { since: null, nextPage: null, lastFault: '' } satisfies PullState;
      const { nextPage, keyId } = row;
      const page =
        nextPage === null || keyId === null ? null : decoder.decode(cipher.open(plainBytes(nextPage), keyId));
      return { since: row.since, nextPage: page, lastFault: row.lastFault };
    },
    putState: async (facility, { since, nextPage, lastFault }, at) => {
      const sealed =
        nextPage === null
          ? { keyId: null, nextPage: null }
          : { keyId: cipher.keyId, nextPage: byteaText(cipher.seal(utf8(nextPage))) };
      await database.run(PUT_STATE, [rowsParam([{ facility, since, ...sealed, pulledAt: at, lastFault }])]);
    },
  };
}
