/** `concord demo`: a made-up region lives its months against a real gateway, and the figures are printed. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tick } from '../../../gateway/run-jobs.ts';
import { verifyLedger } from '../../../gateway/verify-ledger.ts';
import type { Counts } from '../../../ports/store-reads.ts';
import { simulateRegion } from '../../../simulation/region.ts';
import { createTally, type RegionStats } from '../../../simulation/stats.ts';
import { yuan } from '../../../web/yuan.ts';
import type { Instant } from '../../../terms/instant.ts';
import { createAdminClient } from '../admin-client.ts';
import { configureRegion } from '../demo/configure-region.ts';
import { createDemoClock } from '../demo/demo-clock.ts';
import { createPlayer, type Played } from '../demo/play-region.ts';
import { readSettings } from '../settings.ts';
import { type RunningGateway, startGateway } from '../start-gateway.ts';
import { type Command, positive } from './command.ts';

export const demo: Command = {
  name: 'demo',
  summary: 'run a made-up region against a real gateway',
  usage: `concord demo [--once] [--seed TEXT] [--people N] [--days N]

Starts the gateway on the embedded database, sends a few hundred messages of a simulated region over MLLP and
HTTP, asks the CDS service as order screens do, replies to cards, prints what came of it, and serves the page
until stopped. DATA_DIR keeps the data (it must be new); without it a temporary folder is used and removed.
  --once   end after the print`,
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        once: { type: 'boolean', default: false },
        seed: { type: 'string', default: '1' },
        people: { type: 'string' },
        days: { type: 'string' },
      },
    });
    const people = positive(values.people, '--people');
    const days = positive(values.days, '--days');
    const folder = process.env['DATA_DIR'] ?? mkdtempSync(join(tmpdir(), 'concord-demo-'));
    if (process.env['DATA_DIR'] !== undefined && existsSync(join(folder, 'pglite'))) {
      process.stderr.write('DATA_DIR holds data already — name a new folder, or serve it with: npm start\n');
      return 1;
    }
    const region = simulateRegion({
      seed: values.seed,
      ...(people === undefined ? {} : { people }),
      ...(days === undefined ? {} : { days }),
    });
    const clock = createDemoClock(new Date(region.setting.start).toISOString() as Instant);
    const settings = readSettings({
      ...process.env,
      DATA_DIR: folder,
      ...(values.once ? { PORT: '0' } : {}),
      DATABASE_URL: undefined,
    });
    const running = await startGateway(settings, { demo: true, clock });
    try {
      const right = await play(running, region, clock);
      if (!values.once) await untilStopped();
      return right ? 0 : 1;
    } finally {
      await running.stop();
      if (process.env['DATA_DIR'] === undefined) rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function play(
  running: RunningGateway,
  region: ReturnType<typeof simulateRegion>,
  clock: ReturnType<typeof createDemoClock>,
): Promise<boolean> {
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  say('Concord: configuring a region of made-up hospitals …');
  const doors = await configureRegion(createAdminClient(running.url, running.adminToken), region);
  const player = createPlayer({ url: running.url, doors, clock });
  const tally = createTally();
  const begin = performance.now();
  let events = 0;
  for (const event of region.events()) {
    tally.add(event);
    // Minutes pass between two events of the region: what was accepted before an order is mapped by then.
    clock.turnTo(event.at);
    if (event.kind === 'order') await tick(running.gateway);
    await player.play(event);
    if (++events % 100 === 0)
      say(
        `  ${clock.now().slice(0, 10)}  ${player.played.messages} messages, ${player.played.questions} order screens, ${player.played.cards} cards`,
      );
  }
  await player.close();
  await tick(running.gateway);
  await tick(running.gateway);
  const counts = await running.gateway.store.read.counts();
  const verification = await verifyLedger(running.gateway, { running: true });
  const seconds = ((performance.now() - begin) / 1000).toFixed(1);
  say(
    figures({ counts, played: player.played, stats: tally.stats(), seconds, ledger: verification, url: running.url }),
  );
  return addsUp(counts, tally.stats()) && verification.ok;
}

/** What the gateway counted against what the simulator says that it sent. */
function addsUp(counts: Counts, stats: RegionStats): boolean {
  return counts.resultsIn === counts.resultsStored + counts.resultProblems && counts.resultsIn === stats.results;
}

function figures(made: {
  readonly counts: Counts;
  readonly played: Played;
  readonly stats: RegionStats;
  readonly seconds: string;
  readonly ledger: { readonly ok: boolean; readonly entries: number; readonly sealed: number };
  readonly url: string;
}): string {
  const { counts, played, stats, ledger } = made;
  const answers = Object.entries(played.answers)
    .map(([code, count]) => `${code} ${count}`)
    .join(', ');
  const equal = addsUp(counts, stats) ? '=' : '≠';
  return `
messages     ${played.messages} sent in ${made.seconds} s (${answers}), of them ${resendsOf(counts)} resends that changed nothing
results      ${counts.resultsIn} in ${equal} ${counts.resultsStored} stored + ${counts.resultProblems} as problems   (the simulator says ${stats.results})
persons      ${counts.persons} across ${counts.patients} hospital records
offers       ${counts.offers} shown to ${played.questions} order screens
accepted     ${counts.accepted}   refused ${counts.refused}   revoked ${counts.revoked}
saved        ¥${yuan(counts.savedFen)} gross, on orders asked about, sample prices; ${counts.acceptedWithoutAmount} accepted without a known price
  of it      ¥${yuan(counts.reversedFen)} done again and reversed, ¥${yuan(counts.settledFen)} settled, ¥${yuan(counts.savedFen - counts.reversedFen - counts.settledFen)} still provisional
ledger       ${ledger.ok ? 'verified' : 'BROKEN'}: ${ledger.entries} entries, ${ledger.sealed} sealed
page         ${made.url}
`;
}

function resendsOf({ receipts, envelopes }: Counts): number {
  return receipts - Object.values(envelopes).reduce((sum, count) => sum + count, 0);
}

function untilStopped(): Promise<void> {
  process.stdout.write('Serving until Ctrl+C.\n');
  return new Promise((resolve) => {
    process.once('SIGTERM', () => resolve());
    process.once('SIGINT', () => resolve());
  });
}
