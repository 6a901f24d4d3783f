/** ECG over HTTP: files in by `/intake`, pages out by `/ecg`, the original by `/fhir/Binary`; who may, and what is told. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recording } from '../../../fixtures/ecg/cases/truth.ts';
import type { EcgAnswer } from '../../../src/gateway/ecg/receive-ecg.ts';
import type { FacilityId } from '../../../src/terms/facility.ts';
import { type App, openApp } from '../../support/app.ts';
import { CITY, COUNTY, DATABASES, openWorld, type TestDatabase, type TestWorld } from '../../support/gateway.ts';
import { oru, residentNumber } from '../../support/messages.ts';
import { scpFile } from '../../support/scp-file.ts';
import { openSql } from '../../support/sql.ts';
import { tokenFor } from '../../support/token.ts';

let database: TestDatabase;
let world: TestWorld;
let app: App;
let sql: ReturnType<typeof openSql>;

beforeAll(async () => {
  database = await DATABASES[0]!.open();
  world = await openWorld(database);
  app = openApp(world.gateway);
  sql = openSql(database.url);
});
afterAll(async () => {
  await sql.end();
  await world.close();
  await database.close();
});

const ask = async (
  by: FacilityId | undefined,
  path: string,
  init: { method?: string; body?: Uint8Array<ArrayBuffer>; headers?: Record<string, string> } = {},
) => {
  const token = by === undefined ? undefined : await tokenFor(world.gateway, by);
  const headers = { ...init.headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  return app.request(`http://localhost${path}`, { ...init, headers });
};

const send = async (bytes: Uint8Array, query = '', by: FacilityId = COUNTY) => {
  const response = await ask(by, `/intake${query}`, { method: 'POST', body: new Uint8Array(bytes) });
  return { status: response.status, headers: response.headers, told: (await response.json()) as EcgAnswer };
};

const code = async (response: Response): Promise<string> => {
  const outcome = (await response.json()) as { issue?: { details?: { coding?: { code?: string }[] } }[] };
  return outcome.issue?.[0]?.details?.coding?.[0]?.code ?? '';
};

describe('an ECG file over HTTP', () => {
  test('is answered in JSON once it is durable, with its envelope', async () => {
    const { status, headers, told } = await send(scpFile({ id: 'W1', shift: 1, confirmed: 1 }));
    expect([status, told.outcome, told.format]).toEqual([200, 'stored', 'scp']);
    expect(headers.get('x-concord-envelope')).toBe(told.envelope);
    expect(headers.get('content-type')).toContain('application/json');
  });

  test('that cannot be read is kept and answered 422, with codes and no value', async () => {
    const { status, told } = await send(scpFile({ id: 'W2-SECRET' }).slice(0, 200));
    expect([status, told.outcome]).toEqual([422, 'rejected']);
    expect(told.problems.map((problem) => problem.code)).toContain('ecg/no-leads');
    expect(JSON.stringify(told)).not.toContain('SECRET');
  });

  test('is tried without being stored', async () => {
    const [before] = await sql`select count(*)::int as n from envelope`;
    const response = await ask(COUNTY, '/intake?dry-run=1', {
      method: 'POST',
      body: new Uint8Array(scpFile({ id: 'W3', shift: 3 })),
    });
    const tried = (await response.json()) as { in: Record<string, number>; out: Record<string, number> };
    expect([tried.in['leads'], tried.out['Observation'], tried.out['DocumentReference']]).toEqual([8, 2, 1]);
    const [after] = await sql`select count(*)::int as n from envelope`;
    expect(after).toEqual(before);
  });

  test('needs a token', async () => {
    expect(
      (await ask(undefined, '/intake', { method: 'POST', body: new Uint8Array(scpFile({ id: 'W4' })) })).status,
    ).toBe(401);
  });
});

describe('a page', () => {
  test('is an SVG in millimetres of the stored recording, with its statements and its standing', async () => {
    const { told } = await send(
      scpFile({ id: 'W5', shift: 5, confirmed: 0, statements: ['Sinus <b>rhythm</b> & more'] }),
    );
    const response = await ask(COUNTY, `/ecg/${told.report}.svg?lang=en`);
    const text = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/svg+xml; charset=utf-8']);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(text).toMatch(/^<svg[^>]*width="297mm"/);
    for (const shown of ['25 mm/s', '10 mm/mV', '0.05', '150', 'aVF', 'W5', '试验县医院', 'UNCONFIRMED'])
      expect(text.toUpperCase()).toContain(shown.toUpperCase());
    expect(text).not.toContain('<b>');
    expect(text).toContain('&lt;b&gt;');
  });

  test('is drawn in every layout, and as a PDF', async () => {
    const { told } = await send(scpFile({ id: 'W6', shift: 6, confirmed: 1 }));
    for (const layout of ['3x4%2B1', '3x4+1', '6x2', '12x1', 'cabrera', 'rhythm']) {
      const response = await ask(COUNTY, `/ecg/${told.report}.svg?layout=${layout}`);
      expect([layout, response.status]).toEqual([layout, 200]);
    }
    const pdf = await ask(COUNTY, `/ecg/${told.report}.pdf?speed=50&gain=20`);
    expect(pdf.headers.get('content-type')).toBe('application/pdf');
    expect(new TextDecoder('latin1').decode(new Uint8Array(await pdf.arrayBuffer())).slice(0, 5)).toBe('%PDF-');
  });

  test('lays two recordings beside one another, the earlier one first', async () => {
    const early = await send(scpFile({ id: 'W7', shift: 7, date: '2026-02-01' }));
    const late = await send(scpFile({ id: 'W7', shift: 8, date: '2026-02-20' }));
    const pages = [
      await ask(COUNTY, `/ecg/${late.told.report}.svg?compare=${early.told.report}&lang=en`),
      await ask(COUNTY, `/ecg/${early.told.report}.svg?compare=${late.told.report}&lang=en`),
    ];
    const [one = '', other = ''] = await Promise.all(pages.map((page) => page.text()));
    expect(one).toBe(other);
    expect(one.indexOf('2026-02-01')).toBeLessThan(one.indexOf('2026-02-20'));
    expect((await ask(COUNTY, `/ecg/${late.told.report}.svg?compare=nothing`)).status).toBe(404);
  });

  test('lays beside one another what is of one human, and nothing else', async () => {
    const [one, other] = [
      await send(scpFile({ id: 'W15', shift: 15 })),
      await send(scpFile({ id: 'W16', lastName: 'ANDERE', shift: 16 })),
    ];
    const response = await ask(COUNTY, `/ecg/${one.told.report}.svg?compare=${other.told.report}`);
    expect([response.status, await code(response)]).toEqual([409, 'web/two-patients']);
  });

  test('needs scopes for report and results, of its category, and names nobody without those for patients', async () => {
    const { told } = await send(scpFile({ id: 'W17-ID', lastName: 'NAMELOS', shift: 17 }));
    const by = async (...scopes: string[]) => {
      const token = await tokenFor(world.gateway, COUNTY, scopes);
      return app.request(`http://localhost/ecg/${told.report}.svg`, { headers: { authorization: `Bearer ${token}` } });
    };
    expect((await by('system/DiagnosticReport.r')).status).toBe(403);
    const laboratory = await by('system/Observation.r?category=laboratory', 'system/DiagnosticReport.r?category=LAB');
    expect(laboratory.status).toBe(404);
    const nameless = await by('system/Observation.r', 'system/DiagnosticReport.r');
    expect(nameless.status).toBe(200);
    expect(await nameless.text()).not.toMatch(/W17-ID|NAMELOS/);
  });

  test('is refused where it would begin behind the recording', async () => {
    const { told } = await send(scpFile({ id: 'W18', shift: 18 }));
    expect((await ask(COUNTY, `/ecg/${told.report}.svg?from=9`)).status).toBe(200);
    expect((await ask(COUNTY, `/ecg/${told.report}.svg?from=10`)).status).toBe(400);
  });

  test('leaves out who it is when asked to', async () => {
    const { told } = await send(scpFile({ id: 'W8-ID', lastName: 'WEGGELASSEN', shift: 9 }));
    const text = await (await ask(COUNTY, `/ecg/${told.report}.svg?identity=hide`)).text();
    expect(text).not.toMatch(/W8-ID|WEGGELASSEN/);
  });

  test('says what speaks against the recording', async () => {
    const { told } = await send(scpFile({ id: 'W9', shift: 10, more: { faults: { wrongSectionCrc: 6 } } }));
    expect(await (await ask(COUNTY, `/ecg/${told.report}.svg`)).text()).toContain('文件不完整或校验不符');
  });

  test('of a long recording shows its beginning, and says so', async () => {
    const minutes = recording({ rateHz: 250, seconds: 70, unitUv: 5, leads: ['II', 'V5'] });
    const { told } = await send(scpFile({ id: 'W14', more: { rateHz: 250, nanovolts: 5000, leads: minutes.leads } }));
    const text = await (await ask(COUNTY, `/ecg/${told.report}.svg?layout=rhythm&lang=en`)).text();
    expect(text).toContain('only its first 10 seconds');
    const waveform = await ask(COUNTY, `/fhir/DiagnosticReport/${told.report}`);
    expect(((await waveform.json()) as { result: unknown[] }).result).toHaveLength(2);
  });

  test.each(['layout=4x3', 'speed=26', 'gain=7', 'lang=fr', 'from=-1', 'from=x'])(
    'is refused for %s',
    async (query) => {
      const { told } = await send(scpFile({ id: 'W10', shift: 11 }));
      const response = await ask(COUNTY, `/ecg/${told.report}.svg?${query}`);
      expect([response.status, await code(response)]).toEqual([400, 'web/page-unknown']);
    },
  );

  test('of another facility looks absent until a treating relationship opens it; every look is audited', async () => {
    const national = residentNumber('1980-01-02', 41);
    const who = (mrn: string) => ({ mrn, national, name: 'CESHI JIA', birthDate: '19800102', sex: 'M' }) as const;
    await world.send(COUNTY, oru({ controlId: 'W11', filler: 'W11', patient: who('W11') }));
    await world.send(CITY, oru({ controlId: 'W11C', filler: 'W11C', patient: who('C11') }));
    const { told } = await send(scpFile({ id: 'W11', shift: 12 }));
    const path = `/ecg/${told.report}.svg`;
    const closed = await ask(CITY, path);
    expect([closed.status, await code(closed)]).toEqual([404, 'gateway/not-there']);
    const open = await ask(CITY, path, { headers: { 'concord-encounter': 'V-11', 'concord-purpose': 'TREAT' } });
    expect(open.status).toBe(200);
    const audited =
      await sql`select outcome, facility from audit_event where resource = ${`DiagnosticReport/${told.report}`} order by at`;
    expect(audited.map((row) => [row['facility'], row['outcome']])).toEqual([
      ['city', 'denied'],
      ['city', 'success'],
    ]);
  });

  test('of a laboratory report is none', async () => {
    const received = await world.send(COUNTY, oru({ controlId: 'W12', filler: 'W12' }));
    const [report] = await sql`select id from container where envelope = ${received.envelope} and kind = 'report'`;
    expect((await ask(COUNTY, `/ecg/${String(report?.['id'])}.svg`)).status).toBe(404);
    for (const name of ['nothing.svg', 'nothing', '..%2F.svg', `${'a'.repeat(80)}.svg`])
      expect((await ask(COUNTY, `/ecg/${name}`)).status).toBe(404);
  });
});

describe('the original', () => {
  test('comes back byte for byte to its owner, and is absent for others', async () => {
    const bytes = scpFile({ id: 'W13', shift: 13 });
    const { told } = await send(bytes);
    const search = await ask(COUNTY, `/fhir/DiagnosticReport/${told.report}`);
    const patient = ((await search.json()) as { subject: { reference: string } }).subject.reference;
    const found = await ask(COUNTY, `/fhir/DocumentReference?patient=${patient}`);
    const bundle = (await found.json()) as {
      entry: { resource: { content: { attachment: { url: string; size: number } }[] } }[];
    };
    const { url, size } = bundle.entry[0]!.resource.content[0]!.attachment;
    expect(size).toBe(bytes.length);
    const raw = await ask(COUNTY, `/fhir/${url}`);
    expect(new Uint8Array(await raw.arrayBuffer())).toEqual(new Uint8Array(bytes));
    expect(raw.headers.get('content-disposition')).toBe('attachment');
    const asFhir = await ask(COUNTY, `/fhir/${url}`, { headers: { accept: 'application/fhir+json' } });
    const binary = (await asFhir.json()) as { resourceType: string; data: string };
    expect([binary.resourceType, atob(binary.data).length]).toEqual(['Binary', bytes.length]);
    expect((await ask(CITY, `/fhir/${url}`)).status).toBe(404);
    expect((await ask(undefined, `/fhir/${url}`)).status).toBe(401);
  });
});
