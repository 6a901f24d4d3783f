/**
 * Compiles `mappings/` into `src/mapping/generated/` (CONVENTIONS 6). `--check` writes nothing and ends
 * non-zero when the committed files differ from what the tables say now.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileMappings } from './mappings/compile.ts';
import { MappingFault } from './mappings/fault.ts';
import { loadFhirElements } from './mappings/fhir-elements.ts';

const ROOT = join(import.meta.dirname, '..');
const TABLES = join(ROOT, 'mappings');
const GENERATED = join(ROOT, 'src', 'mapping', 'generated');

function main(): number {
  const files = compileMappings(TABLES, loadFhirElements());
  if (process.argv.includes('--check')) return check(files);
  mkdirSync(GENERATED, { recursive: true });
  for (const file of readdirSync(GENERATED)) if (!files.has(file)) rmSync(join(GENERATED, file));
  for (const [file, text] of files) writeFileSync(join(GENERATED, file), text);
  console.log(`${files.size} modules from the tables in mappings/`);
  return 0;
}

function check(files: ReadonlyMap<string, string>): number {
  const there = new Set(readdirSync(GENERATED));
  const stale = [...files]
    .filter(([file, text]) => !there.has(file) || readFileSync(join(GENERATED, file), 'utf8') !== text)
    .map(([file]) => file);
  const left = [...there].filter((file) => !files.has(file));
  for (const file of [...stale, ...left])
    console.error(`src/mapping/generated/${file}: differs from the tables — run npm run mappings and commit`);
  return stale.length + left.length === 0 ? 0 : 1;
}

try {
  process.exitCode = main();
} catch (error) {
  if (!(error instanceof MappingFault)) throw error;
  console.error(`mappings/${error.message}`);
  process.exitCode = 1;
}
