import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';

test('npm run has Node 24, whatever the host has', () => {
  const root = resolve(import.meta.dirname, '../..');
  const version = execFileSync('npm', ['run', '-s', 'concord', '--', 'help'], { cwd: root, encoding: 'utf8' });
  expect(version).toContain('concord <command>');
  expect(process.versions.node).toMatch(/^24\./);
});
