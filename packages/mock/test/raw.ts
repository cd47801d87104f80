import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import type { Mock } from '@calltape/mock';
import { onTestFinished } from 'vitest';

/** What came over a raw connection until the mock ended it. */
export interface RawAnswer {
  readonly text: string;
  /** `FIN`, or the error code that the socket ended with. */
  readonly ending: string;
}

/** A raw connection to the mock; gone when the test is over. */
export async function dial(mock: Mock): Promise<Socket> {
  const socket = connect(mock.port, '127.0.0.1');
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  return socket;
}

/** Everything that comes until the mock ends the connection, in latin-1. */
export async function drain(socket: Socket): Promise<RawAnswer> {
  let text = '';
  socket.setEncoding('latin1').on('data', (piece: string) => {
    text += piece;
  });
  const { promise, resolve } = Promise.withResolvers<string>();
  socket.once('end', () => resolve('FIN'));
  socket.once('error', (error) => resolve('code' in error ? String(error.code) : error.message));
  return { ending: await promise, text };
}

/** Sends bytes and reads until the mock ends the connection. */
export async function exchangeRaw(mock: Mock, sent: string): Promise<RawAnswer> {
  const socket = await dial(mock);
  socket.write(sent, 'latin1');
  return await drain(socket);
}

/** A request that asks the mock to end the connection after its answer. */
export function closing(line: string, fields: readonly string[] = [], body = ''): string {
  return [`${line} HTTP/1.1`, 'Host: mock', 'Connection: close', ...fields, '', body].join('\r\n');
}
