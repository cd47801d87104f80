import { request } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { controlClient } from '@calltape/mock';
import type { ControlClient, Mock } from '@calltape/mock';
import { expect } from 'vitest';
import { mockOf } from '../mock.ts';
import type { Settings } from '../mock.ts';
import type { Told } from '../tape.ts';

/** Where a mock is controlled. */
export interface Controlled {
  readonly mock: Mock;
  readonly url: string;
  readonly token: string;
  readonly client: ControlClient;
}

export async function controlled(
  calls: readonly Told[],
  settings: Settings = {},
): Promise<Controlled> {
  const mock = await mockOf(calls, { control: { port: 0 }, ...settings });
  const { url = '', token = '' } = mock.control ?? {};
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  return { mock, url, token, client: controlClient(url, token) };
}

export interface Asked {
  readonly method?: string;
  readonly path?: string;
  /** In place of those of a client that means well; null leaves one out. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly body?: string | Buffer;
}

export interface Said {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Of a refusal. */
  readonly code: string | undefined;
}

function codeOf(said: string): string | undefined {
  return /"code":"([A-Z_]+)"/.exec(said)?.[1];
}

/** Sends one request, as a client that means well but for what is said. */
export async function ask(
  { url, token }: { url: string; token: string },
  asked: Asked = {},
): Promise<Said> {
  const { method = 'GET', path = '/health', body } = asked;
  const usual = {
    authorization: `Bearer ${token}`,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const headers = Object.entries({ ...usual, ...asked.headers }).flatMap(([name, value]) =>
    value === null ? [] : [value].flat().flatMap((one) => [name, one]),
  );
  if (!headers.includes('host')) headers.push('host', new URL(url).host);
  if (body !== undefined) headers.push('content-length', String(Buffer.byteLength(body)));
  const outgoing = request(url, { method, path, headers, agent: false, setHost: false });
  outgoing.end(body);
  const answer = await answerTo(outgoing);
  const said = await text(answer);
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    text: said,
    code: codeOf(said),
  };
}

async function answerTo(outgoing: ClientRequest): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  outgoing.on('response', resolve);
  outgoing.on('error', reject);
  return promise;
}

/** Resolves when a connection is over, also by a reset. */
export async function closed(socket: Socket): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.on('close', () => resolve());
  await promise;
}
