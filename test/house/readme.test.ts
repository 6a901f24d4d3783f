/** README is true: every script, command and file that it names is there. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const README = readFileSync(resolve(ROOT, 'README.md'), 'utf8');
const SCRIPTS = Object.keys(
  (JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }).scripts,
);

const named = (pattern: RegExp): string[] => [
  ...new Set([...README.matchAll(pattern)].map((match) => match[1] as string)),
];

describe('README', () => {
  test('names scripts of package.json only', () => {
    const scripts = [...named(/npm run (?:-s )?([\w:-]+)/g), ...named(/npm (test|start)\b/g)];
    expect(scripts).toEqual(expect.arrayContaining(['demo', 'concord', 'bench', 'test', 'start']));
    expect(scripts.filter((script) => !SCRIPTS.includes(script))).toEqual([]);
  });

  test('names commands of the command line only', () => {
    const commands = named(/(?:npm run (?:-s )?concord --|`concord) ([a-z-]+)/g);
    const help = execFileSync('npm', ['run', '-s', 'concord', '--', 'help'], { cwd: ROOT, encoding: 'utf8' });
    const known = [...help.matchAll(/^  ([a-z-]+)  /gm)].map((match) => match[1] as string);
    expect(commands.length).toBeGreaterThan(5);
    expect(commands.filter((command) => command !== 'help' && !known.includes(command))).toEqual([]);
  });

  test('names files and folders that are there', () => {
    const paths = named(/(?<![\w/.-])((?:src|test|fixtures|mappings)\/[\w/.-]*\w)/g);
    expect(paths.length).toBeGreaterThan(3);
    expect(paths.filter((path) => !existsSync(resolve(ROOT, path)))).toEqual([]);
  });
});
