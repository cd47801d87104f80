// Holds the imports between packages, and between the files of a package, to the documented graph.

import { posix } from 'node:path';
import { importSpecifiers } from './import-specifiers.ts';
import { reportProblems } from './report-problems.ts';
import { filesMatching, readSource } from './source-files.ts';

/** A package as the check sees it. */
export interface PackageSource {
  /** Its folder's name under `packages/`. */
  readonly folder: string;
  /** Its dependencies on packages of this workspace, by folder. */
  readonly declared: readonly string[];
  /** Source text by path inside `src/`. */
  readonly files: ReadonlyMap<string, string>;
}

const SCOPE = '@calltape/';

/** Which sibling packages each package may import. `cli` wires them all. */
export const GRAPH: Readonly<Record<string, readonly string[]>> = {
  store: [],
  proxy: ['store'],
  mock: ['store'],
  drift: ['store'],
  health: ['store'],
  dashboard: ['store', 'drift', 'health'],
  chaos: ['store', 'mock', 'drift', 'health'],
  cli: ['store', 'proxy', 'mock', 'drift', 'health', 'dashboard', 'chaos'],
};

/** Everything wrong with the imports of these packages, a sentence each. */
export function graphProblems(packages: readonly PackageSource[]): string[] {
  return packages.flatMap((one) => [
    ...siblingProblems(one),
    ...[...one.files].flatMap(([file, source]) => fileProblems(one.folder, file, source)),
    ...cycleProblems(one),
  ]);
}

function siblingProblems({ folder, declared, files }: PackageSource): string[] {
  const allowed = GRAPH[folder];
  if (allowed === undefined) return [`packages/${folder}: not in the graph of packages`];
  const imported = new Set([...files.values()].flatMap(importSpecifiers).flatMap(siblingOf));
  return [
    ...[...new Set([...declared, ...imported])]
      .filter((name) => !allowed.includes(name))
      .map((name) => `packages/${folder}: may not depend on ${name}`),
    ...[...imported]
      .filter((name) => !declared.includes(name))
      .map((name) => `packages/${folder}: imports ${name}, which its package.json does not name`),
    ...declared
      .filter((name) => !imported.has(name))
      .map((name) => `packages/${folder}: its package.json names ${name}, which it never imports`),
  ];
}

function siblingOf(specifier: string): string[] {
  if (!specifier.startsWith(SCOPE)) return [];
  return [specifier.slice(SCOPE.length).split('/')[0] ?? ''];
}

function fileProblems(folder: string, file: string, source: string): string[] {
  const targets = localImports(file, source);
  const where = `packages/${folder}/src/${file}`;
  return [
    ...targets
      .filter((target) => target === 'index.ts')
      .map(() => `${where}: imports its own package's index.ts; import the file itself`),
    ...targets
      .filter((target) => target.startsWith('../'))
      .map((target) => `${where}: imports ${target}, outside its package's src`),
  ];
}

function localImports(file: string, source: string): string[] {
  return importSpecifiers(source)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => posix.join(posix.dirname(file), specifier));
}

function cycleProblems({ folder, files }: PackageSource): string[] {
  const imports = new Map([...files].map(([file, text]) => [file, localImports(file, text)]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start !== -1) {
      cycles.push(`packages/${folder}: import cycle ${[...path.slice(start), file].join(' > ')}`);
    }
    if (start !== -1 || done.has(file)) return;
    for (const target of imports.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of files.keys()) visit(file, []);
  return cycles;
}

function readPackages(): PackageSource[] {
  return filesMatching('packages/*/package.json').map((manifest) => {
    const folder = manifest.split('/')[1] ?? '';
    const root = `packages/${folder}/src/`;
    const files = filesMatching(`${root}**/*.ts`, `${root}**/*.tsx`);
    return {
      folder,
      declared: declaredSiblings(readSource(manifest)),
      files: new Map(files.map((file) => [file.slice(root.length), readSource(file)])),
    };
  });
}

function declaredSiblings(manifest: string): string[] {
  const parsed: { dependencies?: Record<string, string> } = JSON.parse(manifest);
  return Object.keys(parsed.dependencies ?? {}).flatMap(siblingOf);
}

if (import.meta.main) {
  const packages = readPackages();
  const files = packages.reduce((sum, one) => sum + one.files.size, 0);
  reportProblems(
    graphProblems(packages),
    `the imports of ${files} files in ${packages.length} packages follow the graph`,
  );
}
