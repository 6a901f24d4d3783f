/** The Workers runtime as npm brings it. */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';

/** Why there is no workerd to test with; undefined when there is one. */
export function workerdMissing(): string | undefined {
  try {
    execFileSync(workerdPath(), ['--version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'no workerd for this platform came with npm';
  }
}

/** Throws when this platform has none. */
export function workerdPath(): string {
  const require = createRequire(createRequire(import.meta.url).resolve('workerd'));
  return require.resolve(
    `@cloudflare/workerd-${process.platform}-${process.arch === 'x64' ? '64' : process.arch}/bin/workerd`,
  );
}
