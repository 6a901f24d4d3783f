/** Client assertions that were used once (RFC 7523 3). */
import type { AccessStore } from '../../ports/store-access.ts';
import type { Database } from '../driver/database.ts';

const USE = `insert into assertion (channel, mac, expires_at) values ($1, $2, $3)
  on conflict (channel, mac) do nothing returning channel`;
const FORGET = `with gone as (delete from assertion where expires_at < $1 returning 1) select count(*) as count from gone`;

export function createAccessStore(database: Database): AccessStore {
  return {
    useAssertion: async ({ channel, mac, expiresAt }) =>
      (await database.run(USE, [channel, mac, expiresAt])).length > 0,
    forgetAssertions: async (before) => (await database.run<{ count: number }>(FORGET, [before]))[0]?.count ?? 0,
  };
}
