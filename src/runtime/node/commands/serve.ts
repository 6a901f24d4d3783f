/** `concord serve`: the gateway, until it is told to stop. */
import { log } from '../log.ts';
import { readSettings } from '../settings.ts';
import { startGateway } from '../start-gateway.ts';
import { takeFolder } from '../take-folder.ts';
import type { Command } from './command.ts';

/** After all is done: time for the last line of the log. */
const LINGER_MS = 1_000;

export const serve: Command = {
  name: 'serve',
  summary: 'serve HTTP and MLLP until stopped',
  usage: `concord serve

Serves HTTP on HOST:PORT (127.0.0.1:8080) and MLLP on the ports of the configured channels.
Settings come from the environment: PORT, HOST, MLLP_HOST, MLLP_PORT, DATABASE_URL, DATA_DIR,
REGION_ZONE, and with DATABASE_URL the keys (see README). Stops on SIGTERM and SIGINT after
finishing what is in hand.`,
  async run() {
    const settings = readSettings(process.env);
    // A command that is at work in the folder is waited for; a gateway that serves it is not.
    const running = await takeFolder(settings.DATA_DIR, () => startGateway(settings));
    if ('served' in running) throw running.fault;
    log.info('gateway/up', { url: running.url, mllp: running.doors.ports().join(',') });
    await new Promise<void>((resolve) => {
      process.once('SIGTERM', () => resolve());
      process.once('SIGINT', () => resolve());
    });
    // Whoever cannot wait says so again.
    const hurry = (): never => process.exit(1);
    process.once('SIGTERM', hurry).once('SIGINT', hurry);
    await running.stop();
    log.info('gateway/down');
    // A socket to a server that hangs is no reason to stay.
    setTimeout(() => process.exit(0), LINGER_MS).unref();
    return 0;
  },
};
