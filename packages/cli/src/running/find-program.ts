import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Environment } from '../environment/variables.ts';

/** Where a command is, or why it cannot be run. */
export type FoundProgram =
  | { readonly kind: 'found'; readonly file: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-executable'; readonly file: string };

/** Looks for a program as a shell does: along PATH unless its name has a slash. */
export function findProgram(
  name: string,
  environment: Environment,
  platform: NodeJS.Platform,
): FoundProgram {
  const endings = platform === 'win32' ? windowsEndings(name, environment) : [''];
  let refused: string | null = null;
  for (const folder of foldersFor(name, environment, platform)) {
    for (const ending of endings) {
      const file = folder === '' ? name + ending : join(folder, name + ending);
      if (!isFile(file)) continue;
      if (isExecutable(file)) return { kind: 'found', file };
      refused ??= file;
    }
  }
  return refused === null ? { kind: 'missing' } : { kind: 'not-executable', file: refused };
}

function foldersFor(name: string, environment: Environment, platform: NodeJS.Platform): string[] {
  if (platform === 'win32' ? /[/\\]/.test(name) : name.includes('/')) return [''];
  const folders = (environment['PATH'] ?? '').split(delimiter).map((one) => one || '.');
  return platform === 'win32' ? ['.', ...folders] : folders;
}

/** Beside `npm.cmd` there is an `npm` for other shells, which Windows cannot run. */
function windowsEndings(name: string, environment: Environment): string[] {
  const endings = (environment['PATHEXT'] ?? '.COM;.EXE;.BAT;.CMD').split(';');
  const isWhole = endings.some((ending) => name.toUpperCase().endsWith(ending.toUpperCase()));
  return isWhole ? [''] : endings;
}

function isFile(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
