/** ECG files on the one path, on both databases: one recording is one report, whatever brings it, in whatever order. */
import type { DiagnosticReport, DocumentReference } from 'fhir/r4';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ECG_CASES } from '../../fixtures/ecg/cases.ts';
import { recording } from '../../fixtures/ecg/cases/truth.ts';
import { INDEPENDENT_LEADS, TWELVE_LEADS } from '../../fixtures/ecg/encoders/signal.ts';
import { readResource } from '../../src/base/json.ts';
import type { EcgAnswer } from '../../src/gateway/ecg/receive-ecg.ts';
import { receiveEcg } from '../../src/gateway/ecg/receive-ecg.ts';
import { bucketOfId } from '../../src/gateway/id-source.ts';
import { replay } from '../../src/gateway/replay.ts';
import type { Bucket } from '../../src/terms/bucket.ts';
import type { FacilityId } from '../../src/terms/facility.ts';
import type { Observation } from '../../src/terms/fhir.ts';
import { ecgCase, scpFile } from '../support/scp-file.ts';
import {
  CITY,
  COUNTY,
  DATABASES,
  expectOk,
  openWorld,
  type TestDatabase,
  type TestWorld,
  TOWN,
} from '../support/gateway.ts';
import { openSql } from '../support/sql.ts';

describe.each(DATABASES)('ECG files on $name', (kind) => {
  let database: TestDatabase;
  let world: TestWorld;
  let sql: ReturnType<typeof openSql>;
  beforeAll(async () => {
    database = await kind.open();
    world = await openWorld(database);
    sql = openSql(database.url);
  });
  afterAll(async () => {
    await sql.end();
    await world.close();
    await database.close();
  });

  const take = async (from: FacilityId, bytes: Uint8Array, test = false) => {
    const asker = await world.askerOf(from);
    const received = await receiveEcg(world.gateway, { bytes, ...asker, channel: { ...asker.channel, test } });
    return { ...received, told: JSON.parse(new TextDecoder().decode(received.answer)) as EcgAnswer };
  };

  const resources = async (id: string | undefined) => {
    const head = await world.store.read.readHead({
      kind: 'report',
      bucket: bucketOfId(id ?? '') as Bucket,
      id: id ?? '',
    });
    return head?.elements.map(({ resource }) => resource) ?? [];
  };
  const reportOf = async (id: string | undefined) =>
    (await resources(id)).find(({ resourceType }) => resourceType === 'DiagnosticReport') as DiagnosticReport;
  const observations = async (id: string | undefined) =>
    (await resources(id)).filter(({ resourceType }) => resourceType === 'Observation') as unknown as Observation[];
  const entries = async (report: string | undefined) =>
    sql<{ loinc: string; status: string; basis: string; quality_flags: string; production: boolean }[]>`
      select loinc, status, basis, quality_flags, production from result_entry
      where container = ${report ?? ''} and known_to is null`;

  test('becomes a report with measurements, a recording with the waveform, and its original by digest', async () => {
    const { told, outcome } = await take(COUNTY, scpFile({ id: 'E1', shift: 1, confirmed: 0 }));
    expect([outcome, told.format, told.resultsIn, told.resultsStored]).toEqual(['stored', 'scp', 2, 2]);
    const report = await reportOf(told.report);
    expect([report.status, report.conclusion, report.effectiveDateTime]).toEqual([
      'preliminary',
      'Sinus rhythm',
      '2026-02-28T09:10:11+08:00',
    ]);
    const [measured] = await observations(told.report);
    expect(measured?.code.coding?.[0]?.code).toBe('34534-8');
    const waveform = (await observations(told.recording))[0];
    expect(waveform?.component).toHaveLength(8);
    expect(report.result?.map(({ reference }) => reference)).toEqual([
      `Observation/${measured?.id}`,
      `Observation/${waveform?.id}`,
    ]);
    const document = (await resources(told.report)).find(
      ({ resourceType }) => resourceType === 'DocumentReference',
    ) as DocumentReference;
    expect(document.masterIdentifier?.value).toMatch(/^[0-9a-f]{64}$/);
    expect(await entries(told.report)).toEqual([
      { loinc: '34534-8', status: 'preliminary', basis: 'collected', quality_flags: '[]', production: true },
    ]);
  });

  test('of one recording in four formats are one study, whichever comes first', async () => {
    const names = [
      'scp-measurements-and-statements',
      'aecg-annotations-global-and-per-lead',
      'dicom-measurements-mdc',
      'mfer-big-endian-planar',
    ];
    const orders: readonly (readonly [FacilityId, readonly number[]])[] = [
      [COUNTY, [0, 1, 2, 3]],
      [CITY, [3, 2, 1, 0]],
      [TOWN, [2, 0, 3, 1]],
    ];
    const ends = [];
    for (const [facility, order] of orders) {
      const taken = [];
      for (const index of order) taken.push(await take(facility, ecgCase(names[index] as string)));
      expect(taken.map(({ outcome }) => outcome)).toEqual(['stored', 'stored', 'stored', 'stored']);
      const [report] = new Set(taken.map(({ told }) => told.report));
      const [recording] = new Set(taken.map(({ told }) => told.recording));
      expect(new Set(taken.map(({ told }) => `${told.report} ${told.recording}`)).size).toBe(1);
      const waveforms = await observations(recording);
      ends.push({
        leads: waveforms.map(({ component }) =>
          component?.map(({ code, valueSampledData }) => [code.text, valueSampledData?.data?.length]),
        ),
        measured: (await observations(report))[0]?.component?.map(({ code, valueQuantity }) => [
          code.text,
          valueQuantity?.value,
        ]),
        documents: (await resources(report)).filter(({ resourceType }) => resourceType === 'DocumentReference').length,
        open: (await entries(report)).length,
        conclusion: (await reportOf(report)).conclusion !== undefined,
      });
    }
    expect(ends[0]?.documents).toBe(4);
    expect(ends[0]?.open).toBe(1);
    // SCP states eight leads, aECG twelve: together twelve.
    expect(ends[0]?.leads[0]).toHaveLength(12);
    expect(ends[1]).toEqual(ends[0]);
    expect(ends[2]).toEqual(ends[0]);
  });

  test('fill up what a newer statement left out, and change nothing else of it', async () => {
    const newer = await take(COUNTY, scpFile({ id: 'E12', shift: 12, confirmed: 1, statements: ['Signed'] }));
    const before = await observations(newer.told.recording);
    expect(before[0]?.component).toHaveLength(8);
    // The same recording, stated at its own time and by twelve leads, confirmed an hour before.
    const { leads } = recording({ rateHz: 500, seconds: 10, unitUv: 2.5, leads: TWELVE_LEADS });
    const shifted = leads.map(({ name, samples }) => ({ name, samples: samples.map((sample) => sample + 12) }));
    const early = { confirmed: 1 as const, date: [2026, 2, 28] as const, time: [8, 10, 11] as const };
    const older = await take(
      COUNTY,
      scpFile({ id: 'E12', more: { leads: shifted, statements: { ...early, texts: ['Before'] } } }),
    );
    expect(older.told.recording).toBe(newer.told.recording);
    expect((await observations(newer.told.recording))[0]?.component).toHaveLength(12);
    expect((await reportOf(newer.told.report)).conclusion).toBe('Signed');
  });

  test('sent again are answered as before and change nothing', async () => {
    const bytes = scpFile({ id: 'E2', shift: 2 });
    const first = await take(COUNTY, bytes);
    const again = await take(COUNTY, bytes);
    expect([first.resend, again.resend]).toEqual([false, true]);
    expect(again.answer).toEqual(first.answer);
    const versions = await sql`select version from container where id = ${first.told.report ?? ''}`;
    expect(versions).toHaveLength(1);
  });

  test('sent twice at once end in one report', async () => {
    const formats = [scpFile({ id: 'E3', shift: 3 }), scpFile({ id: 'E3', shift: 3, confirmed: 0 })];
    const taken = await Promise.all([...formats, ...formats].map((bytes) => take(COUNTY, bytes)));
    expect(new Set(taken.map(({ told }) => told.report)).size).toBe(1);
    expect(await entries(taken[0]?.told.report)).toHaveLength(1);
  });

  test('confirmed make it final, and a machine reading that comes late does not undo that', async () => {
    const machine = scpFile({ id: 'E4', shift: 4, confirmed: 0, statements: ['Possible infarct'] });
    const doctor = scpFile({ id: 'E4', shift: 4, confirmed: 1, statements: ['Normal ECG'] });
    const { told } = await take(COUNTY, machine);
    await take(COUNTY, doctor);
    const other = await take(COUNTY, scpFile({ id: 'E4', shift: 4, confirmed: 0, statements: ['Again'] }));
    expect(other.told.report).toBe(told.report);
    const report = await reportOf(told.report);
    expect([report.status, report.conclusion, report.conclusionCode?.[0]?.coding?.[0]?.code]).toEqual([
      'final',
      'Normal ECG',
      '164854000',
    ]);
    expect((await entries(told.report)).map(({ status }) => status)).toEqual(['final']);
  });

  test('that a doctor confirmed hold nothing that only a machine had said', async () => {
    const machine = scpFile({ id: 'E11', shift: 11, confirmed: 0, statements: ['Acute anterior infarct'] });
    const { told } = await take(COUNTY, machine);
    expect((await observations(told.report))[0]?.interpretation?.[0]?.coding?.[0]?.code).toBe('AA');
    const other = await take(COUNTY, scpFile({ id: 'E11', shift: 11 }));
    expect(other.told.report).toBe(told.report);
    // A file that says nothing of it takes nothing back …
    expect((await reportOf(told.report)).conclusion).toBe('Acute anterior infarct');
    expect((await observations(told.report))[0]?.interpretation).toHaveLength(1);
    // … a doctor's word does.
    await take(COUNTY, scpFile({ id: 'E11', shift: 11, confirmed: 1, statements: ['Normal ECG'] }));
    expect((await reportOf(told.report)).conclusion).toBe('Normal ECG');
    expect((await observations(told.report))[0]?.interpretation).toBeUndefined();
  });

  test('that came damaged leave nothing behind once the recording came whole, and take nothing from it', async () => {
    const damaged = (shift: number) =>
      scpFile({ id: 'E13', shift, confirmed: 1, more: { faults: { wrongSectionCrc: 7 } } });
    const whole = (shift: number) => scpFile({ id: 'E13', shift, confirmed: 1 });
    for (const [shift, files] of [
      [70, [damaged(70), whole(70)]],
      [120, [whole(120), damaged(120)]],
    ] as const) {
      const taken = [];
      for (const bytes of files) taken.push(await take(COUNTY, bytes));
      expect(new Set(taken.map(({ told }) => told.report)).size).toBe(1);
      expect([shift, (await entries(taken[0]?.told.report))[0]?.quality_flags]).toEqual([shift, '[]']);
    }
  });

  test('without a number are one recording by what they state of the patient, and never another human’s', async () => {
    const nameless = (lastName: string) =>
      scpFile({ id: '', lastName, shift: 14, confirmed: 1, statements: [lastName] });
    const [alpha, beta] = [await take(COUNTY, nameless('ALPHA')), await take(COUNTY, nameless('BETA'))];
    expect(alpha.told.report).not.toBe(beta.told.report);
    expect((await reportOf(alpha.told.report)).conclusion).toBe('ALPHA');
    expect((await reportOf(beta.told.report)).conclusion).toBe('BETA');
    const again = await take(COUNTY, scpFile({ id: '', lastName: 'ALPHA', shift: 14, confirmed: 1 }));
    expect(again.told.report).toBe(alpha.told.report);
    // Nobody at all first, then the one who is named: two records, and neither waits.
    const nobody = await take(COUNTY, ecgCase('zoncare-utf-8'));
    expect(nobody.outcome).toBe('stored');
  });

  test('of flat lines are each a report of their own: two humans have those in common', async () => {
    const flat = (id: string) => {
      const leads = INDEPENDENT_LEADS.map((name) => ({ name, samples: new Int32Array(5000) }));
      return scpFile({ id, lastName: id, confirmed: 1, more: { leads } });
    };
    const taken = [await take(COUNTY, flat('E15')), await take(COUNTY, flat('E16'))];
    expect(taken.map(({ outcome }) => outcome)).toEqual(['stored', 'stored']);
    expect(new Set(taken.map(({ told }) => told.report)).size).toBe(2);
    expect((await entries(taken[0]?.told.report))[0]?.quality_flags).toContain('lead-off');
  });

  test('edited in the future, by a cart’s clock, give way to what comes later all the same', async () => {
    const future = { confirmed: 1 as const, date: [2099, 1, 1] as const, time: [0, 0, 0] as const, texts: ['Clock'] };
    const { told, problems } = await take(COUNTY, scpFile({ id: 'E17', shift: 17, more: { statements: future } }));
    expect(problems.map(({ code }) => code)).toContain('mapping/recording-ahead');
    world.clock.turnTo('2026-03-01T05:00:00Z');
    await take(
      COUNTY,
      scpFile({ id: 'E17', shift: 17, confirmed: 1, statements: ['Mended'], date: '2026-03-01', time: [12, 30, 0] }),
    );
    expect((await reportOf(told.report)).conclusion).toBe('Mended');
  });

  test('of another patient with the same signal wait, and the standing recording is marked until a steward says whose it is', async () => {
    const { told } = await take(COUNTY, scpFile({ id: 'E5', shift: 5, confirmed: 1 }));
    const other = await take(COUNTY, scpFile({ id: 'E5-OTHER', lastName: 'ANDERE', shift: 5, confirmed: 1 }));
    expect([other.outcome, other.told.report]).toEqual(['quarantined', undefined]);
    expect(other.problems.map(({ code }) => code)).toContain('registry/other-patient');
    expect((await entries(told.report)).map(({ quality_flags }) => quality_flags)).toEqual(['["contested"]']);
    expect((await reportOf(told.report)).subject).toBeDefined();
    const again = expectOk(await replay(world.gateway, { envelope: other.envelope }));
    expect(again).toMatchObject({ envelopes: 1, stillQuarantined: 1 });
  });

  test('that are nearly equal to one of the same moment are kept apart, and proposed', async () => {
    const own = await take(COUNTY, scpFile({ id: 'E10', shift: 30 }));
    const converted = await take(COUNTY, scpFile({ id: 'E10', shift: 34, time: [9, 10, 40] }));
    expect(converted.told.report).not.toBe(own.told.report);
    expect(converted.told.similar).toEqual([own.told.recording]);
    expect(converted.problems.map(({ code }) => code)).toContain('gateway/recording-nearly-equal');
    // Another moment, another signal, another patient: nothing is proposed.
    const others = [
      scpFile({ id: 'E10', shift: 31, time: [10, 10, 10] }),
      scpFile({ id: 'E10', shift: 60 }),
      scpFile({ id: 'E10-B', lastName: 'ANDERE', shift: 32 }),
    ];
    for (const other of others) expect((await take(COUNTY, other)).told.similar).toBeUndefined();
  });

  test('whose checksum is wrong are kept and shown, and marked for every decision', async () => {
    const bytes = scpFile({ id: 'E6', shift: 6, confirmed: 1, more: { faults: { wrongSectionCrc: 6 } } });
    const { told, outcome } = await take(COUNTY, bytes);
    expect([outcome, told.problems.map(({ code }) => code)]).toEqual([
      'stored',
      expect.arrayContaining(['ecg/crc-wrong']),
    ]);
    expect((await entries(told.report))[0]?.quality_flags).toBe('["corrupt"]');
    expect(told.problems.find(({ code }) => code === 'ecg/crc-wrong')?.sentence).toContain('checksum');
  });

  test('that hold nothing are rejected, kept, and told why', async () => {
    const { told, outcome, envelope } = await take(
      COUNTY,
      scpFile({ id: 'E7', more: { faults: { zeroLeads: true } } }).slice(0, 60),
    );
    expect([outcome, told.report]).toEqual(['rejected', undefined]);
    expect(told.problems.some(({ severity }) => severity === 'fatal')).toBe(true);
    expect(JSON.stringify(told)).not.toContain('E7');
    const kept = await sql`select outcome from envelope where id = ${envelope}`;
    expect(kept[0]?.['outcome']).toBe('rejected');
    expect((await replay(world.gateway, { envelope })).ok).toBe(false);
  });

  test('over a test channel reach no card, and are not known when they come over the real one', async () => {
    const bytes = scpFile({ id: 'E8', shift: 8, confirmed: 1 });
    const tried = await take(COUNTY, bytes, true);
    expect((await entries(tried.told.report)).map(({ production }) => production)).toEqual([false]);
    const real = await take(COUNTY, bytes);
    expect([real.resend, real.told.report === tried.told.report]).toEqual([false, false]);
    expect((await entries(real.told.report)).map(({ production }) => production)).toEqual([true]);
  });

  test('that are a PDF are a document and no result', async () => {
    const { told, outcome } = await take(COUNTY, ecgCase('pdf-report'));
    expect([outcome, told.resultsIn]).toEqual(['stored', 0]);
    const held = await resources(told.report);
    expect(held.map(({ resourceType }) => resourceType).toSorted()).toEqual(['DiagnosticReport', 'DocumentReference']);
    expect((held[0] as DiagnosticReport).presentedForm?.[0]?.contentType).toBe('application/pdf');
  });

  test('that are several are taken as one archive', async () => {
    const found = ECG_CASES.find(({ name }) => name === 'wfdb-format-16');
    const archive = zipSync({ 'record.hea': found?.make() ?? new Uint8Array(), ...found?.companions?.() });
    const { told, outcome } = await take(COUNTY, archive);
    expect([outcome, told.format]).toEqual(['stored', 'wfdb']);
    expect((await observations(told.recording))[0]?.component?.length).toBeGreaterThan(0);
    const broken = await take(COUNTY, archive.slice(0, 400));
    expect([broken.outcome, broken.problems[0]?.code]).toEqual(['rejected', 'zip/unreadable']);
  });

  test('keep the texts of a file in its resources and nowhere else', async () => {
    const secret = 'GEHEIM-4711';
    const bytes = scpFile({ id: secret, lastName: 'GEHEIMNIS', shift: 9, more: { faults: { wrongRecordCrc: true } } });
    const { told, envelope } = await take(COUNTY, bytes);
    const rows = await sql`select problems, format, control_mac from envelope where id = ${envelope}`;
    expect(JSON.stringify([rows, told])).not.toMatch(/GEHEIM/);
    expect(readResource(JSON.stringify(told)).value).toBeDefined();
  });
});
