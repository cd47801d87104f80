import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { openAuthority } from '@calltape/proxy';
import { onTestFinished } from 'vitest';
import { emptyFolder } from './run-cli.ts';

/** Servers that stand in for hosts of the world, with certificates of an authority of their own. */
export interface SecureStandIns {
  /** Flags of calltape by which the calls to each host come here. */
  readonly flags: readonly string[];
}

/** What a stand-in says: a JSON value for a request, or a text as it is. */
export type Answer = (method: string, path: string, body: string) => unknown;

export async function secureStandIns(
  answers: Readonly<Record<string, Answer>>,
): Promise<SecureStandIns> {
  const authority = await openAuthority(await emptyFolder());
  const { certificatePem: cert, keyPem: key } = authority.leafFor('localhost');
  const flags = ['--ca', authority.certificateFile];
  for (const [host, answer] of Object.entries(answers)) {
    const server = createServer({ cert, key }, listenerFor(answer)).listen(0, 'localhost');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    flags.push('--map', `${host}=https://localhost:${port}`);
  }
  return { flags };
}

function listenerFor(answer: Answer): RequestListener {
  return (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (piece: string) => {
      body += piece;
    });
    request.once('end', () => {
      const said = answer(request.method ?? '', request.url ?? '', body);
      if (said === undefined) {
        response.writeHead(404).end();
      } else if (typeof said === 'string') {
        response.end(said);
      } else {
        response.setHeader('content-type', 'application/json').end(JSON.stringify(said));
      }
    });
  };
}
