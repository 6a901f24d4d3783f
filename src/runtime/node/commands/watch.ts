/** `concord watch`: what a cart drops into a folder goes down the path (DESIGN 1: the township clinic). */
import { existsSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { AdminFault, type AdminClient, withGateway } from '../admin-client.ts';
import { recordingsIn, type Recording } from '../watch/recordings.ts';
import { watchFolder, type WatchedFolder } from '../watch/watched-folder.ts';
import { type Command, required, UsageFault } from './command.ts';

interface Taken {
  readonly messages: number;
  readonly resultsIn: number;
  readonly resultsStored: number;
  readonly problems: number;
  readonly answers: Readonly<Record<string, number>>;
}

const POLL_MS = 500;

export const watch: Command = {
  name: 'watch',
  summary: 'take in what a device drops into a folder',
  usage: `concord watch FOLDER --channel ID [--settle SECONDS] [--once]

Sends every file of the folder (not of folders in it) down the path over the folder channel: ECG files of any format that
is told by its content, and HL7 v2 files. A file is taken when its size and time have not changed for --settle seconds
(default 2), and moved to FOLDER/done, or to FOLDER/failed with a note beside it. A WFDB header waits for its signals.
Nothing is deleted. While the gateway cannot be reached files stay where they are; what was taken before and is dropped
again changes nothing. Ends with SIGINT or SIGTERM; with --once when nothing waits any more (1 when a file failed).`,
  async run(args) {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        channel: { type: 'string' },
        settle: { type: 'string', default: '2' },
        once: { type: 'boolean', default: false },
      },
    });
    const [folder, ...others] = positionals;
    if (folder === undefined || others.length > 0) throw new UsageFault('Name one folder.');
    if (!existsSync(folder) || !statSync(folder).isDirectory()) throw new UsageFault(`There is no folder ${folder}.`);
    const channel = required(values.channel, '--channel');
    if (!/^\d{1,4}(\.\d{1,3})?$/.test(values.settle)) throw new UsageFault('--settle is a number of seconds.');
    const watched = watchFolder(folder, Number(values.settle) * 1000);
    return withGateway((client) => follow(client, watched, { channel, once: values.once }));
  },
};

async function follow(
  client: AdminClient,
  folder: WatchedFolder,
  { channel, once }: { readonly channel: string; readonly once: boolean },
): Promise<number> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once('SIGINT', end).once('SIGTERM', end);
  let failed = 0;
  try {
    while (!stop.signal.aborted) {
      const files = folder.settled(Date.now());
      for (const recording of recordingsIn(files, (file) => folder.read(file))) {
        if (stop.signal.aborted) break;
        if (!(await send(client, folder, recording, channel))) failed += 1;
      }
      if (once && folder.waiting() === 0) break;
      await pause(POLL_MS, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
  }
  return once && failed > 0 ? 1 : 0;
}

/** False when the file went to `failed/`. One that could not be sent stays, and is tried again. */
async function send(
  client: AdminClient,
  folder: WatchedFolder,
  recording: Recording,
  channel: string,
): Promise<boolean> {
  let taken: Taken;
  try {
    taken = await client.postBytes<Taken>(`/ingest?channel=${encodeURIComponent(channel)}`, recording.bytes());
  } catch (error) {
    const status = error instanceof AdminFault ? (error.status ?? 0) : 0;
    if (status === 413) return putAway(folder, recording, { isTaken: false, line: 'larger than is taken' });
    // A refusal of the door itself (no such channel) is no fault of the file: whoever watches is told.
    if (status >= 400 && status < 500 && status !== 429) throw error;
    process.stderr.write('The gateway cannot be reached; files stay and are tried again.\n');
    return true;
  }
  const isTaken = taken.messages > 0 && Object.keys(taken.answers).every((code) => code === 'AA' || code === 'CA');
  const answers =
    Object.entries(taken.answers)
      .map(([code, count]) => `${code} ${count}`)
      .join(', ') || 'nothing readable';
  const line = `${answers}, results ${taken.resultsIn} in, ${taken.resultsStored} stored, problems ${taken.problems}`;
  return putAway(folder, recording, { isTaken, line });
}

function putAway(
  folder: WatchedFolder,
  { files }: Recording,
  { isTaken, line }: { readonly isTaken: boolean; readonly line: string },
): boolean {
  for (const file of files) folder.put(file, isTaken ? 'done' : 'failed', isTaken ? undefined : `${line}\n`);
  process.stdout.write(`${files[0]?.name ?? ''}: ${isTaken ? 'taken' : 'failed'} (${line})\n`);
  return isTaken;
}
