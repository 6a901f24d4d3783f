/** Looks from the outside in: settings, keys, database, then what a gateway knows. What cannot be reached is not looked at. */
import { AREAS } from '../../../gateway/diagnose.ts';
import { StoreUnavailable } from '../../../ports/store.ts';
import { type DatabaseFacts, lookAtDatabase } from '../../../store/look-at-database.ts';
import type { Finding } from '../../../terms/finding.ts';
import type { KeyMarks } from '../../keys.ts';
import { SettingFault } from '../../settings.ts';
import { withGateway } from '../admin-client.ts';
import { runningGateway } from '../gateway-file.ts';
import { loadKeyMarks } from '../load-keys.ts';
import { reachServedDatabase } from '../open-database.ts';
import { FolderInUse } from '../pglite/folder-lock.ts';
import { readSettings, type Settings } from '../settings.ts';
import { judgeDatabase } from './judge-database.ts';
import { found, judgeFolder, judgeKeys, judgeSettings } from './look-at-host.ts';

export interface Examination {
  /** Those that were looked at; one without findings is fine. */
  readonly areas: readonly string[];
  readonly findings: readonly Finding[];
}

/** How long a gateway's word on itself is waited for. */
const READY_MS = 10_000;

const HOST_AREAS = ['settings', 'keys', 'disk'];
const DATABASE_AREAS = ['database', 'schema', 'clock'];

export async function examine(
  environment: Readonly<Record<string, string | undefined>>,
  silentDays: number,
): Promise<Examination> {
  const settings = attempt(() => readSettings(environment));
  if (settings instanceof SettingFault)
    return told(['settings'], [wrong('settings', 'runtime/bad-settings', settings)]);
  const onHost = [...judgeSettings(settings), ...judgeFolder(settings.DATA_DIR)];
  const marks = attempt(() => loadKeyMarks(settings));
  if (marks instanceof SettingFault) return told(HOST_AREAS, [...onHost, wrong('keys', 'runtime/no-keys', marks)]);
  onHost.push(...judgeKeys(marks));

  const inDatabase = await lookInside(settings, marks);
  const outer = [...onHost, ...inDatabase.findings];
  const areas = [...HOST_AREAS, ...DATABASE_AREAS];
  if (inDatabase.schema !== 'current') return told(areas, outer);

  const serving = await lookAtGateway(environment['CONCORD_URL'] ?? (await runningGateway(settings.DATA_DIR)));
  const known = await withGateway(
    (client) => client.get<{ findings: readonly Finding[] }>(`/doctor?silentDays=${silentDays}`),
    environment,
  );
  return told([...areas, 'gateway', ...AREAS], [...outer, ...serving, ...known.findings]);
}

async function lookInside(
  settings: Settings,
  marks: KeyMarks,
): Promise<{ readonly schema?: DatabaseFacts['schema']; readonly findings: readonly Finding[] }> {
  try {
    const database = await reachServedDatabase(settings);
    try {
      const askedAt = Date.now();
      const facts = await lookAtDatabase(database.url);
      const looked = { facts, askedAt, answeredAt: Date.now(), embedded: settings.DATABASE_URL === undefined };
      return { schema: facts.schema, findings: judgeDatabase(looked, marks) };
    } finally {
      await database.close();
    }
  } catch (error) {
    if (error instanceof StoreUnavailable) return { findings: [found('failure', 'database', 'runtime/database-gone')] };
    if (error instanceof FolderInUse) return { findings: [found('failure', 'database', 'runtime/database-in-use')] };
    throw error;
  }
}

/** Is one there, and would it take work. */
export async function lookAtGateway(url: string | undefined): Promise<readonly Finding[]> {
  const ready = url === undefined ? undefined : await answerOf(`${url}/readyz`);
  if (ready === undefined) return [found('warning', 'gateway', 'runtime/not-serving')];
  if (ready.ok) return [];
  const { code, reasons } = (await ready.json()) as { code?: string; reasons?: readonly { code: string }[] };
  const subjects = reasons?.map((reason) => reason.code) ?? (code === undefined ? [] : [code]);
  return [found('failure', 'gateway', 'runtime/not-ready', { subjects })];
}

async function answerOf(url: string): Promise<Response | undefined> {
  try {
    return await fetch(url, { signal: AbortSignal.timeout(READY_MS) });
  } catch {
    return undefined;
  }
}

function attempt<T>(read: () => T): T | SettingFault {
  try {
    return read();
  } catch (error) {
    if (error instanceof SettingFault) return error;
    throw error;
  }
}

/** A SettingFault names settings and never their values. */
function wrong(area: string, code: 'runtime/bad-settings' | 'runtime/no-keys', fault: SettingFault): Finding {
  return found('failure', area, code, { subjects: [fault.message] });
}

function told(areas: readonly string[], findings: readonly Finding[]): Examination {
  return { areas, findings };
}
