import { homedir } from 'node:os';
import { join } from 'node:path';

/** The folder of what calltape keeps for this user: `$CALLTAPE_HOME`, by default `~/.calltape`. */
export function calltapeHome(): string {
  const home = process.env['CALLTAPE_HOME'] ?? '';
  return home === '' ? join(homedir(), '.calltape') : home;
}
