import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The folder of a package that is not among our dependencies, for it is large: npm lays it into a cache
 * folder once, when it is first asked for, without install scripts.
 *
 * @param folder - A folder that has it in its `node_modules` already.
 */
export async function installed(name: string, version: string, folder?: string): Promise<string> {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const place = `${name.replace(/^@/, '').replace('/', '-')}-${version}`;
  const prefix = folder ?? join(cache, 'calltape-bench', place);
  const program = join(prefix, 'node_modules', name);
  if (!existsSync(program)) {
    const flags = ['--prefix', prefix, '--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', ['install', ...flags, `${name}@${version}`]);
  }
  return program;
}
