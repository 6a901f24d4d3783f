/** Sends what a watched folder holds, and puts it away: taken, failed, or back where it was while the gateway is not there. */
import { AdminFault, type AdminClient } from '../admin-client.ts';
import { bytesOf, type Recording } from './recordings.ts';
import type { WatchedFile, WatchedFolder } from './watched-folder.ts';

interface Taken {
  readonly messages: number;
  readonly resultsIn: number;
  readonly resultsStored: number;
  readonly problems: number;
  readonly answers: Readonly<Record<string, number>>;
}

export type Sent = 'taken' | 'failed' | 'later' | 'gone';

export interface Sending {
  readonly client: AdminClient;
  readonly folder: WatchedFolder;
  readonly channel: string;
  readonly say: (line: string) => void;
  /** How often the gateway itself failed at a file, by its name. */
  readonly faults: Map<string, number>;
}

/** A file at which the gateway fails so often is put to the failed ones, so that it does not stand before all others. */
const FAULTS_MAX = 3;

/** Refusals of the door itself: no file gets through, and whoever watches is to hear it. */
const CLOSED: ReadonlySet<number> = new Set([401, 403, 404, 409]);

/** Throws an AdminFault when the channel or the token is refused. */
export async function sendRecording(sending: Sending, recording: Recording): Promise<Sent> {
  const { folder } = sending;
  const taken: WatchedFile[] = [];
  for (const file of recording) {
    const own = folder.take(file);
    if (own === undefined) {
      for (const other of taken) folder.giveBack(other);
      return 'gone';
    }
    taken.push(own);
  }
  try {
    return await send(sending, taken);
  } catch (error) {
    for (const file of taken) folder.giveBack(file);
    throw error;
  }
}

async function send(sending: Sending, files: Recording): Promise<Sent> {
  const { client, folder, channel } = sending;
  let answered: Taken;
  try {
    const bytes = bytesOf(files, (file) => folder.read(file));
    if (bytes.length === 0) return putAway(sending, files, { isTaken: false, line: 'the file is empty' });
    answered = await client.postBytes<Taken>(`/ingest?channel=${encodeURIComponent(channel)}`, bytes);
  } catch (error) {
    return afterFault(sending, files, error);
  }
  const isTaken =
    answered.messages > 0 && Object.keys(answered.answers).every((code) => code === 'AA' || code === 'CA');
  const { resultsIn, resultsStored, problems } = answered;
  const counted = Object.entries(answered.answers).map(([code, count]) => `${code} ${count}`);
  const answers = counted.join(', ') || 'nothing readable';
  const line = `${answers}, results ${resultsIn} in, ${resultsStored} stored, problems ${problems}`;
  return putAway(sending, files, { isTaken, line });
}

function afterFault(sending: Sending, files: Recording, error: unknown): Sent {
  const { folder, say, faults } = sending;
  const status = error instanceof AdminFault ? error.status : undefined;
  if (status !== undefined && CLOSED.has(status)) throw error;
  if (status !== undefined && status >= 400 && status < 500 && status !== 429)
    return putAway(sending, files, { isTaken: false, line: `refused with status ${status}` });
  const name = files[0]?.name ?? '';
  if (status === 500) {
    const count = (faults.get(name) ?? 0) + 1;
    faults.set(name, count);
    if (count >= FAULTS_MAX)
      return putAway(sending, files, { isTaken: false, line: 'the gateway failed at it; tell the operator' });
  }
  for (const file of files) folder.giveBack(file);
  say(`${printable(name)}: not sent, tried again (${status === undefined ? 'no answer' : `status ${status}`})`);
  return 'later';
}

function putAway(
  { folder, say, faults }: Sending,
  files: Recording,
  { isTaken, line }: { readonly isTaken: boolean; readonly line: string },
): Sent {
  const name = files[0]?.name ?? '';
  for (const file of files) folder.put(file, isTaken ? 'done' : 'failed', isTaken ? undefined : `${line}\n`);
  faults.delete(name);
  say(`${printable(name)}: ${isTaken ? 'taken' : 'failed'} (${line})`);
  return isTaken ? 'taken' : 'failed';
}

/** A cart's name on a terminal: what moves its cursor or forges a line is a dot. */
export function printable(name: string): string {
  return name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '·');
}
