import { globSync, readFileSync } from 'node:fs';
import { resolve, sep } from 'node:path';

export const ROOT: string = resolve(import.meta.dirname, '..');

/** Files under the root that match, as paths with `/`, sorted; nothing from node_modules or dist. */
export function filesMatching(...patterns: string[]): string[] {
  const found = globSync(patterns, {
    cwd: ROOT,
    exclude: (name) => name.split(sep).some((part) => part === 'node_modules' || part === 'dist'),
  });
  return found.map((file) => file.replaceAll(sep, '/')).toSorted();
}

export function readSource(file: string): string {
  return readFileSync(resolve(ROOT, file), 'utf8');
}
