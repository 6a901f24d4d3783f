/** A simulated region played against a real gateway over PostgreSQL and its real doors, with stories in it whose end is known. */
import { findRepeats } from '../../src/gateway/find-repeats.ts';
import { finishPending, tick } from '../../src/gateway/run-jobs.ts';
import { createAdminClient } from '../../src/runtime/node/admin-client.ts';
import { configureRegion } from '../../src/runtime/node/demo/configure-region.ts';
import { createDemoClock, type DemoClock } from '../../src/runtime/node/demo/demo-clock.ts';
import { createPlayer, type Played } from '../../src/runtime/node/demo/play-region.ts';
import { readSettings } from '../../src/runtime/node/settings.ts';
import { type RunningGateway, startGateway } from '../../src/runtime/node/start-gateway.ts';
import type { Region } from '../../src/simulation/region.ts';
import { createTally, type RegionStats } from '../../src/simulation/stats.ts';
import type { Instant } from '../../src/terms/instant.ts';
import { openStage, type Step } from './stage.ts';

export interface PlayedRegion {
  readonly running: RunningGateway;
  readonly clock: DemoClock;
  readonly played: Played;
  readonly stats: RegionStats;
  /** Turns the clock day by day until then, and lets the gateway do what is due. */
  waitUntil(instant: string): Promise<void>;
  stop(): Promise<void>;
}

const DAY_MS = 86_400_000;

const KEYS = Object.fromEntries(
  ['INDEX_KEY', 'ID_KEY', 'PSEUDONYM_KEY', 'TOKEN_KEY', 'CIPHER_KEY'].map((name, index) => [
    name,
    Buffer.alloc(32, index + 1).toString('base64'),
  ]),
);

/** Before each order what was accepted is mapped; twice a day of the region everything of the clock's own is done. */
export async function playRegion(
  region: Region,
  steps: readonly Step[],
  at: { readonly databaseUrl: string; readonly dataDir: string },
): Promise<PlayedRegion> {
  const clock = createDemoClock(new Date(region.setting.start).toISOString() as Instant);
  const settings = readSettings({ ...KEYS, DATABASE_URL: at.databaseUrl, DATA_DIR: at.dataDir, PORT: '0' });
  const running = await startGateway(settings, { demo: true, clock });
  const { gateway } = running;
  const admin = createAdminClient(running.url, running.adminToken);
  const doors = await configureRegion(admin, region);
  const stage = await openStage({ admin, running, clock, region });
  await findRepeats(gateway);
  const player = createPlayer({ url: running.url, doors, clock });
  const tally = createTally();
  let ticked = region.setting.start;
  const turnTo = async (instant: Instant): Promise<void> => {
    clock.turnTo(instant);
    if (Date.parse(instant) - ticked < DAY_MS / 2) return;
    ticked = Date.parse(instant);
    await tick(gateway);
  };
  const waiting = steps.toSorted((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0));
  const playSteps = async (until: string): Promise<void> => {
    for (let next = waiting[0]; next !== undefined && next.at <= until; next = waiting[0]) {
      waiting.shift();
      await turnTo(next.at);
      await finishPending(gateway);
      await next.play(stage);
    }
  };
  for (const event of region.events()) {
    await playSteps(event.at);
    tally.add(event);
    await turnTo(event.at);
    if (event.kind === 'order') await finishPending(gateway);
    await player.play(event);
  }
  await playSteps('9999');
  await player.close();
  return {
    running,
    clock,
    played: player.played,
    stats: tally.stats(),
    async waitUntil(instant) {
      const end = Date.parse(instant);
      for (let now = Date.parse(clock.now()); now < end; now = Math.min(end, now + 5 * DAY_MS)) {
        clock.turnTo(new Date(now).toISOString() as Instant);
        await tick(gateway);
      }
      clock.turnTo(new Date(end).toISOString() as Instant);
      await tick(gateway);
      await tick(gateway);
    },
    stop: () => running.stop(),
  };
}
