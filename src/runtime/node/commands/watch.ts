/** `concord watch`: what a cart drops into a folder goes down the path (DESIGN 1: the township clinic). */
import { existsSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { AdminFault, withGateway } from '../admin-client.ts';
import { recordingsIn } from '../watch/recordings.ts';
import { printable, type Sending, sendRecording } from '../watch/send-recordings.ts';
import { watchFolder } from '../watch/watched-folder.ts';
import { type Command, required, UsageFault } from './command.ts';

const POLL_MS = 500;
/** While the gateway is not there it is asked less and less often, at least so. */
const PAUSE_MAX_MS = 30_000;

export const watch: Command = {
  name: 'watch',
  summary: 'take in what a device drops into a folder',
  usage: `concord watch FOLDER --channel ID [--settle SECONDS] [--once]

Sends every file of the folder (not of folders in it) down the path over the folder channel: ECG files of any format that
is told by its content, and HL7 v2 files. A file is taken when its size and time have not changed for --settle seconds
(default 2): it goes to FOLDER/taking, and from there to FOLDER/done, or to FOLDER/failed with a note beside it. A WFDB
header waits for its signals. Nothing is deleted. While the gateway cannot be reached files stay where they are; what was
taken before and is dropped again changes nothing. Ends with SIGINT or SIGTERM; with --once when all that is there was
tried: 1 when a file failed, could not be sent, or waits for others.`,
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
    watched.resume();
    const say = (line: string): void => void process.stdout.write(`${line}\n`);
    return withGateway((client) => {
      const sending: Sending = { client, folder: watched, channel, say, faults: new Map() };
      return values.once ? once(sending) : follow(sending);
    });
  },
};

async function follow(sending: Sending): Promise<number> {
  const stop = new AbortController();
  const end = (): void => stop.abort();
  process.once('SIGINT', end).once('SIGTERM', end);
  let wait = POLL_MS;
  try {
    while (!stop.signal.aborted) {
      const { later } = await round(sending, stop.signal);
      wait = later > 0 ? Math.min(wait * 2, PAUSE_MAX_MS) : POLL_MS;
      await pause(wait, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  } finally {
    process.off('SIGINT', end).off('SIGTERM', end);
  }
  return 0;
}

/** Waits for what is still being written, and tries everything; what failed in one round is not forgotten in the next. */
async function once(sending: Sending): Promise<number> {
  for (let failures = 0; ; await pause(POLL_MS)) {
    const { failed, later, incomplete } = await round(sending);
    failures += failed;
    if (sending.folder.waiting() > 0) continue;
    for (const name of incomplete) sending.say(`${printable(name)}: waits for the other files of its recording`);
    return failures + later + incomplete.length > 0 ? 1 : 0;
  }
}

/** All that is whole by now, one after the other. A fault of the folder at one file does not stop the others. */
async function round(sending: Sending, signal?: AbortSignal) {
  const { folder, say } = sending;
  const files = folder.settled(Date.now());
  const { ready, incomplete } = recordingsIn(files, (file) => folder.read(file));
  let [failed, later] = [0, 0];
  for (const recording of ready) {
    if (signal?.aborted === true) break;
    try {
      const sent = await sendRecording(sending, recording);
      if (sent === 'failed') failed += 1;
      if (sent === 'later') later += 1;
    } catch (error) {
      if (error instanceof AdminFault) throw error;
      failed += 1;
      say(`${printable(recording[0]?.name ?? '')}: the folder cannot be worked with (${codeOf(error)})`);
    }
  }
  return { failed, later, incomplete: incomplete.map(({ name }) => name) };
}

/** `EACCES`, `ENOSPC`; never a path. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
