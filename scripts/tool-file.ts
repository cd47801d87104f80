import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { ROOT } from './source-files.ts';

/**
 * The JavaScript file behind a command of a development dependency: run with Node itself it needs
 * no shell, on Windows neither.
 */
export function toolFile(packageName: string, command: string = packageName): string {
  const folder = resolve(ROOT, 'node_modules', packageName);
  const manifest: { bin?: string | Record<string, string> } = JSON.parse(
    readFileSync(resolve(folder, 'package.json'), 'utf8'),
  );
  const file = typeof manifest.bin === 'string' ? manifest.bin : manifest.bin?.[command];
  if (file === undefined) throw new Error(`${packageName} has no command ${command}`);
  return resolve(folder, file);
}
