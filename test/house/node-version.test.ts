/** README's promise: a host whose own Node is older runs everything through npm on Node 24. */
import { execFileSync } from 'node:child_process';
import { delimiter, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');

/** As a user's shell has it: without the folder of binaries that a running npm puts first. */
function hostPath(): string {
  const path = (process.env['PATH'] ?? '').split(delimiter);
  return path.filter((folder) => !folder.endsWith('node_modules/.bin')).join(delimiter);
}

test('what npm runs has Node 24, whatever the host has', () => {
  const env = { ...process.env, PATH: hostPath() };
  const version = execFileSync('npm', ['run', '-s', 'node-version'], { cwd: ROOT, env, encoding: 'utf8' });
  expect(version.trim()).toMatch(/^v24\./);
});

test('the command line starts through npm', () => {
  const said = execFileSync('npm', ['run', '-s', 'concord', '--', 'help'], { cwd: ROOT, encoding: 'utf8' });
  expect(said).toContain('concord <command>');
});
