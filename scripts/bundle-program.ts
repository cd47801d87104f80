// Puts the built program into few files, so that it starts in half the time: Node spends about half a
// millisecond on every module it loads, and `calltape mock` has five hundred.
//
//   node scripts/bundle-program.ts        after `tsc -b`; does nothing when the bundle is newer
//
// The program (packages/cli/bin/calltape.js) takes the bundle as long as no package was built after it.

import { cpSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { isBundleFresh } from '../packages/cli/bin/program.js';
import { ROOT } from './source-files.ts';

const CLI = join(ROOT, 'packages/cli');
const BUNDLE = join(CLI, 'bundle');

/** Files that are started by name: the program, and its threads. */
const ENTRIES = {
  main: join(CLI, 'dist/main.js'),
  'writer-thread': join(ROOT, 'packages/store/dist/writer-thread.js'),
  'worker-thread': join(ROOT, 'packages/mock/dist/worker-thread.js'),
  'mock-doors-thread': join(CLI, 'dist/mock-doors-thread.js'),
};

function isOurs(specifier: string): boolean {
  return /^(?:[./]|@calltape\/)/.test(specifier);
}

/** What the bundle imports by name has to be found from where it lies. */
function checkOutside(names: Iterable<string>): void {
  const manifest: { dependencies?: Record<string, string> } = JSON.parse(
    readFileSync(join(CLI, 'package.json'), 'utf8'),
  );
  const missing = [...new Set(names)].filter(
    (name) => !isBuiltin(name) && !Object.hasOwn(manifest.dependencies ?? {}, packageOf(name)),
  );
  if (missing.length === 0) return;
  throw new Error(
    `packages/cli/package.json does not list ${missing.join(', ')}, which the program imports: add it, with the version that our packages have.`,
  );
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

async function bundle(): Promise<void> {
  const fresh = `${BUNDLE}.${process.pid}`;
  const build = await rolldown({
    input: ENTRIES,
    platform: 'node',
    external: (specifier) => !isOurs(specifier),
  });
  const { output } = await build.write({
    dir: fresh,
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'part-[hash].js',
  });
  const imports = output.flatMap((part) =>
    part.type === 'chunk' ? [...part.imports, ...part.dynamicImports] : [],
  );
  const parts = new Set(output.map(({ fileName }) => fileName));
  checkOutside(imports.filter((name) => !parts.has(name)));
  cpSync(join(CLI, 'dist/preload'), join(fresh, 'preload'), { recursive: true });
  rmSync(BUNDLE, { recursive: true, force: true });
  renameSync(fresh, BUNDLE);
}

if (!isBundleFresh()) await bundle();
