/** Hot reads use the index that is led by bucket, in the plan that a prepared statement ends up with. */
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
import { connect } from '../../src/store/open-store.ts';
import { ASKED } from '../../src/store/operations/asked.ts';
import { LAST_STORED, WAITING } from '../../src/store/operations/backlog.ts';
import { CANDIDATES } from '../../src/store/operations/entries.ts';
import { startPostgres, type TestPostgres } from '../support/postgres.ts';
import { noPostgres } from '../support/required.ts';

const missing = noPostgres();

describe.skipIf(missing !== undefined)(
  `the plan of a hot read${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    let server: TestPostgres;
    let sql: postgres.Sql;
    beforeAll(async () => {
      server = await startPostgres();
      const database = connect({ url: server.url });
      await migrate(database);
      await database.close();
      sql = postgres(server.url, { max: 1, fetch_types: false });
      await sql`insert into result_entry (bucket, container, element, version, generation, patient, item, facility, system, code,
        display, effective_start, effective_end, basis, status, value_kind, interpretation, quality_flags, production, more_codes, known_from)
      select (n / 10) % 1024, 'c' || n / 10, 'e' || n, 1, 0, 'p' || n / 10, 'I' || n % 10, 'f', 's', 'C', 'd', t.at, t.at,
        'collected', 'final', 'none', '[]', '[]', true, false, t.at
      from generate_series(0, 49999) n, (select timestamptz '2026-01-01' as at) t`;
      await sql`insert into container (bucket, id, version, kind, facility, patient, known_from, envelope, content)
      select (n / 4) % 1024, 'c' || n / 4, n % 4 + 1, 'report', 'f', 'p', now(), 'e', '{}' from generate_series(0, 19999) n`;
      await sql`analyze`;
      await sql`set plan_cache_mode = force_generic_plan`;
    });
    afterAll(async () => {
      await sql.end();
      await server.stop();
    });

    const plan = async (name: string, statement: string, args: string): Promise<string> => {
      await sql.unsafe(`prepare ${name} as ${statement}`);
      const rows = await sql.unsafe(`explain execute ${name}${args === '' ? '' : ` (${args})`}`);
      return rows.map((row) => String(row['QUERY PLAN'])).join('\n');
    };

    it('finds candidates by (bucket, patient, item) among the open entries, and scans nothing', async () => {
      const keys = JSON.stringify([{ bucket: 7, patient: 'p7', item: 'I1' }]);
      const text = await plan('candidates', CANDIDATES, `'${keys}', '2020-01-01', 100`);
      expect(text).toMatch(/Index Scan using result_entry_candidates/);
      expect(text).toMatch(
        /Index Cond: \(\(bucket = p\.bucket\) AND \(patient = p\.patient\) AND \(item = p\.item\) AND \(effective_start >= \$2\)\)/,
      );
      expect(text).not.toMatch(/Seq Scan|Bitmap/);
    });

    it('answers a question by index reads alone', async () => {
      await sql`insert into directory (facility, kind, mac, bucket, id, head_version)
      select 'f', 'patient', 'm' || n, n % 1024, 'p' || n, 1 from generate_series(0, 19999) n`;
      await sql`insert into patient_link (bucket, patient, ordinal, facility, person, certainty, ground, opened_by, opened_at)
      select n % 1024, 'p' || n, 1, 'f', 'h' || n / 2, 'certain', 'g', 'b', now() from generate_series(0, 19999) n`;
      await sql`insert into resource (bucket, id, version, type, facility, patient, known_from, content_mac, key_id, content)
      select n % 1024, 'p' || n, 1, 'Patient', 'f', 'p' || n, now(), 'm', '', '\\x00' from generate_series(0, 19999) n`;
      await sql`analyze`;
      const text = await plan('asked', ASKED, `'f', 'm7', '["I1","I2"]', '2020-01-01', 100`);
      expect(text).toMatch(/Index Scan using result_entry_candidates/);
      expect(text).toMatch(/bucket = m\.bucket\) AND \(patient = m\.patient\) AND \(item = /);
      expect(text).not.toMatch(/Seq Scan on (?:result_entry|resource|directory|patient_link)/);
    });

    it('finds the newest version of a container by its key', async () => {
      const head = 'select content from container where bucket = $1 and id = $2 order by version desc limit 1';
      const text = await plan('head', head, "7, 'c7'");
      expect(text).toMatch(/Index Scan Backward using container_bucket_id_version_pk/);
      expect(text).not.toMatch(/Sort|Seq Scan/);
    });

    it('finds what a facility last stored, and what waits, without a walk through what is stored', async () => {
      await sql`insert into facility (id, name, level, area, alliances, zone, profile)
      select 'f' || n, 'n', 1, 'a', '[]', 'UTC', '{}' from generate_series(0, 9) n`;
      await sql`insert into envelope (id, facility, channel, received_at, format, digest, control_mac, test, key_id, content, outcome,
        problems, problem_count, results_in, results_stored, receipts)
      select 'e' || n, 'f', 'c', now(), 'hl7v2', 'd' || n, 'm', false, '', '\\x00', case when n % 1000 = 0 then 'quarantined' else 'stored' end,
        '[]', 0, 0, 0, 1 from generate_series(0, 9999) n`;
      await sql`analyze`;
      expect(await plan('last_stored', LAST_STORED, '')).toMatch(/Index Only Scan (?:Backward )?using container_feed/);
      const waiting = await plan('waiting', WAITING, '');
      expect(waiting).toMatch(/using envelope_outcome/);
      expect(waiting).not.toMatch(/Seq Scan on (?:envelope|container|result_entry)/);
    });

    it('pages envelopes along their index', async () => {
      await sql`set enable_seqscan = off`;
      const text = await plan('page', 'select id from envelope order by received_at desc, id desc limit $1', '10');
      expect(text).toMatch(/using envelope_received/);
      expect(text).not.toMatch(/Sort/);
    });
  },
);
