/**
 * `gateway.json` in DATA_DIR: where the gateway that serves this folder is spoken to. Believed only while the
 * very process that wrote it lives: the administrator's token goes to no other that took its port.
 */
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, type ProcessMark, thisProcess } from './process-life.ts';

const NAME = 'gateway.json';

interface Announced extends ProcessMark {
  readonly url: string;
}

/** Written aside and renamed into place: it is read whole or not at all. The function returned takes it back. */
export function announceGateway(dataDir: string, url: string): () => void {
  const file = join(dataDir, NAME);
  const text = JSON.stringify({ url, ...thisProcess() } satisfies Announced);
  writeFileSync(`${file}.${process.pid}`, text, { mode: 0o600 });
  renameSync(`${file}.${process.pid}`, file);
  return () => {
    if (readText(file) === text) rmSync(file, { force: true });
  };
}

/** The address of the gateway that serves the folder; undefined when none does, or it does not answer. */
export async function runningGateway(dataDir: string): Promise<string | undefined> {
  const announced = readAnnounced(join(dataDir, NAME));
  if (announced === undefined || !isAlive(announced)) return undefined;
  try {
    const answer = await fetch(`${announced.url}/healthz`, { signal: AbortSignal.timeout(2000) });
    return answer.ok ? announced.url : undefined;
  } catch {
    return undefined;
  }
}

function readAnnounced(file: string): Announced | undefined {
  const text = readText(file);
  if (text === undefined) return undefined;
  try {
    const { url, pid, started } = JSON.parse(text) as Partial<Announced>;
    return url === undefined || pid === undefined || started === undefined ? undefined : { url, pid, started };
  } catch {
    return undefined;
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
