import { createRequire } from 'node:module';
import { join } from 'node:path';

/** What of the npm package undici is needed, from its version 6.13 on. */
interface Undici {
  readonly EnvHttpProxyAgent: new () => { close(): Promise<void> };
  readonly getGlobalDispatcher: () => object;
  readonly setGlobalDispatcher: (dispatcher: object) => void;
}

function isUndici(value: unknown): value is Undici {
  return (
    typeof value === 'object' &&
    value !== null &&
    ['EnvHttpProxyAgent', 'getGlobalDispatcher', 'setGlobalDispatcher'].every(
      (name) => typeof Reflect.get(value, name) === 'function',
    )
  );
}

/** The undici that a project has installed; null where it has none, or one that cannot be led. */
function installedUndici(folder: string): Undici | null {
  try {
    const value: unknown = createRequire(join(folder, 'package.json'))('undici');
    return isUndici(value) ? value : null;
  } catch {
    return null;
  }
}

/**
 * Leads the calls of the npm package undici by where the environment says. It keeps a dispatcher of its own,
 * apart from that of Node.js; a dispatcher that is handed to a single call goes where it likes.
 *
 * @param folder - Of the project whose undici it is.
 * @returns what puts the dispatcher back that was in force.
 */
export function leadUndici(folder: string): () => void {
  const undici = installedUndici(folder);
  if (undici === null) return () => undefined;
  const before = undici.getGlobalDispatcher();
  const agent = new undici.EnvHttpProxyAgent();
  undici.setGlobalDispatcher(agent);
  return () => {
    undici.setGlobalDispatcher(before);
    void agent.close();
  };
}
