/** What an operator has to look at on this host: settings and the files of DATA_DIR. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LIMITS } from '../../../base/limits.ts';
import type { Finding } from '../../../terms/finding.ts';
import type { KeyMarks } from '../../keys.ts';
import { bytesFree } from '../room.ts';
import type { Settings } from '../settings.ts';
import type { HostCode } from './sentences.ts';

export function found(
  level: Finding['level'],
  area: string,
  code: HostCode,
  more: Pick<Finding, 'subjects' | 'count'> = {},
): Finding {
  return { level, area, code, ...more };
}

/** What is right by its form and still not wise. */
export function judgeSettings(settings: Settings): readonly Finding[] {
  const { HOST, MLLP_HOST, PUBLIC_URL, DATABASE_URL } = settings;
  const open = Object.entries({ HOST, MLLP_HOST }).flatMap(([name, host]) => (isLoopback(host) ? [] : [name]));
  const findings: Finding[] = [];
  if (DATABASE_URL === undefined) findings.push(found('warning', 'settings', 'runtime/embedded'));
  if (open.length > 0) findings.push(found('warning', 'settings', 'runtime/plain-listener', { subjects: open }));
  if (PUBLIC_URL === undefined && !isLoopback(HOST))
    findings.push(found('warning', 'settings', 'runtime/no-public-url'));
  if (PUBLIC_URL?.startsWith('http:') === true && !isLoopback(new URL(PUBLIC_URL).hostname))
    findings.push(found('warning', 'settings', 'runtime/public-url-plain'));
  return findings;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** Keys of one use each. */
export function judgeKeys({ index, id, pseudonym, ciphers }: KeyMarks): readonly Finding[] {
  const marks = [index, id, pseudonym, ciphers[0]];
  return new Set(marks).size < marks.length ? [found('failure', 'keys', 'runtime/keys-equal')] : [];
}

/** Modes of the files that open everything, and the room on their disk. */
export function judgeFolder(dataDir: string): readonly Finding[] {
  if (!existsSync(dataDir)) return [];
  const names = ['keys.json', 'admin.token', 'pglite'].filter((name) => isOpen(join(dataDir, name)));
  return [
    ...(names.length > 0 ? [found('failure', 'keys', 'runtime/file-open', { subjects: names })] : []),
    ...judgeRoom(bytesFree(dataDir)),
  ];
}

export function judgeRoom(bytes: number): readonly Finding[] {
  return bytes < LIMITS.diskBytesMin ? [found('failure', 'disk', 'runtime/disk-full')] : [];
}

/** Others than its owner can read it; nobody knows where the system has no such modes. */
function isOpen(file: string): boolean {
  if (process.platform === 'win32' || !existsSync(file)) return false;
  return (statSync(file).mode & 0o077) !== 0;
}
