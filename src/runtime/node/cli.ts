/** The command line: `concord <command> …`. Each command is a file of `commands/`; `--help` on each. */
import { StoreUnavailable } from '../../ports/store.ts';
import { RestoreFault } from '../../store/backup/restore.ts';
import { SchemaMismatch } from '../../store/migrate.ts';
import { CsvFault } from './read-csv.ts';
import { type Command, UsageFault } from './commands/command.ts';
import { audit } from './commands/audit.ts';
import { backup } from './commands/backup.ts';
import { breakGlass } from './commands/break-glass.ts';
import { catalogue } from './commands/catalogue.ts';
import { channel } from './commands/channel.ts';
import { check } from './commands/check.ts';
import { codes } from './commands/codes.ts';
import { demo } from './commands/demo.ts';
import { doctor } from './commands/doctor.ts';
import { ecg } from './commands/ecg.ts';
import { explain } from './commands/explain.ts';
import { facility } from './commands/facility.ts';
import { identity } from './commands/identity.ts';
import { ingest } from './commands/ingest.ts';
import { ledger } from './commands/ledger.ts';
import { map } from './commands/map.ts';
import { migrate } from './commands/migrate.ts';
import { notices } from './commands/notices.ts';
import { pull } from './commands/pull.ts';
import { replay } from './commands/replay.ts';
import { restore } from './commands/restore.ts';
import { serve } from './commands/serve.ts';
import { simulate } from './commands/simulate.ts';
import { subscription } from './commands/subscription.ts';
import { token } from './commands/token.ts';
import { upstream } from './commands/upstream.ts';
import { watch } from './commands/watch.ts';
import { whatIf } from './commands/what-if.ts';
import { FolderInUse } from './pglite/folder-lock.ts';
import { SettingFault } from '../settings.ts';
import { AdminFault } from './admin-client.ts';
import { BackupFault } from './backup/form.ts';

const COMMANDS: readonly Command[] = [
  serve,
  demo,
  migrate,
  backup,
  restore,
  doctor,
  map,
  ecg,
  ingest,
  watch,
  replay,
  check,
  explain,
  token,
  facility,
  channel,
  codes,
  catalogue,
  identity,
  ledger,
  whatIf,
  notices,
  subscription,
  audit,
  breakGlass,
  upstream,
  pull,
  simulate,
];

/** Whose message says what to do next; of any other error the stack is shown. */
const TOLD = [SettingFault, CsvFault, AdminFault, FolderInUse, SchemaMismatch, BackupFault, RestoreFault];

function overview(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length));
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `concord <command> …\n\n${lines.join('\n')}\n\nconcord <command> --help tells more.\n`;
}

async function main(args: readonly string[]): Promise<number> {
  const [name = '--help', ...rest] = args;
  if (name === '--help' || name === 'help') {
    process.stdout.write(overview());
    return 0;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (command === undefined) {
    process.stderr.write(`There is no such command.\n\n${overview()}`);
    return 2;
  }
  if (rest.includes('--help')) {
    process.stdout.write(`${command.usage}\n`);
    return 0;
  }
  try {
    return await command.run(rest);
  } catch (error) {
    if (error instanceof UsageFault || isParseArgsFault(error)) {
      process.stderr.write(`${(error as Error).message}\n\n${command.usage}\n`);
      return 2;
    }
    if (TOLD.some((fault) => error instanceof fault)) {
      process.stderr.write(`${(error as Error).message}\n`);
      return 1;
    }
    if (error instanceof StoreUnavailable) {
      process.stderr.write(`${error.message} — start it, or mend DATABASE_URL or DATA_DIR, and try again\n`);
      return 1;
    }
    throw error;
  }
}

function isParseArgsFault(error: unknown): boolean {
  return error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}

process.exitCode = await main(process.argv.slice(2));
