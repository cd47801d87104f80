import type { IncomingMessage } from 'node:http';
import { startLocalServer } from '../control/local-server.ts';
import type { LocalServer, Reply } from '../control/local-server.ts';
import { Refusal } from '../control/refusal.ts';
import { exposition, formatFor } from './exposition.ts';
import type { Family } from './family.ts';

/** Figures in the format that a scraper asks for. */
export function metricsReply(request: IncomingMessage, families: readonly Family[]): Reply {
  const { type, text } = exposition(families, formatFor(request.headers.accept));
  return { status: 200, headers: { 'content-type': type }, text };
}

/**
 * Serves figures at `/metrics`, on the loopback and without a token.
 *
 * @param families - Asked at each scrape.
 * @throws MockError PORT_TAKEN, PORT_FORBIDDEN, PORT_INVALID or LISTEN_FAILED.
 */
export async function startMetricsServer(
  port: number,
  families: () => readonly Family[] | Promise<readonly Family[]>,
): Promise<LocalServer> {
  return startLocalServer({
    port,
    token: null,
    answer: async (request) => {
      if (request.url?.replace(/\?.*$/s, '') !== '/metrics') {
        throw new Refusal(404, 'NOT_FOUND', 'There is nothing here. The figures are at /metrics.');
      }
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        throw new Refusal(405, 'METHOD_REFUSED', 'Figures are only read: use GET.', {
          allow: 'GET, HEAD',
        });
      }
      return metricsReply(request, await families());
    },
  });
}
