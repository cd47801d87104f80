// Other mocks that answer the same calls. Each is started with what it reads best, and without its log.
import { execFile } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, here, start, startAt } from '../contender.ts';
import type { Contender } from '../contender.ts';
import { installed } from '../peers/installed.ts';
import type { BenchCall, BenchCalls } from './calls.ts';

const run = promisify(execFile);
const FIELDS = { 'content-type': 'application/json' };

/** A mock that is not ours. */
export interface MockPeer {
  /** With its version. */
  readonly name: string;
  /** Throws when it cannot be had. */
  readonly start: (calls: BenchCalls, folder: string) => Promise<Contender>;
}

function fileOf(folder: string, name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

async function startTalkback({ calls }: BenchCalls, folder: string): Promise<Contender> {
  const program = await installed('talkback', '4.2.0');
  const tapes = join(folder, `talkback-${calls.length}`);
  mkdirSync(tapes);
  for (const [at, { method, path, body, answer }] of calls.entries()) {
    const length = String(Buffer.byteLength(answer));
    fileOf(tapes, `${at}.json5`, {
      meta: { createdAt: new Date(0), host: 'http://127.0.0.1:9' },
      req: { url: path, method, headers: {}, body: Buffer.from(body).toString('base64') },
      res: {
        status: 200,
        headers: { 'content-type': [FIELDS['content-type']], 'content-length': [length] },
        body: Buffer.from(answer).toString('base64'),
      },
    });
  }
  return await start([here('contenders/talkback.ts'), program, tapes, String(await freePort())]);
}

function mockoonRoute({ method, path, answer }: BenchCall, at: number): object {
  return {
    uuid: `route-${at}`,
    type: 'http',
    documentation: '',
    method: method.toLowerCase(),
    endpoint: path.slice(1),
    responses: [
      {
        uuid: `response-${at}`,
        body: answer,
        latency: 0,
        statusCode: 200,
        label: '',
        headers: [{ key: 'Content-Type', value: FIELDS['content-type'] }],
        bodyType: 'INLINE',
        filePath: '',
        databucketID: '',
        sendFileAsBody: false,
        rules: [],
        rulesOperator: 'OR',
        disableTemplating: true,
        fallbackTo404: false,
        default: true,
        crudKey: 'id',
        callbacks: [],
      },
    ],
    responseMode: null,
    streamingMode: null,
    streamingInterval: 0,
  };
}

async function startMockoon({ calls }: BenchCalls, folder: string): Promise<Contender> {
  const program = await installed('@mockoon/cli', '9.9.0', process.env['MOCKOON']);
  const port = await freePort();
  const data = fileOf(folder, `mockoon-${calls.length}.json`, {
    uuid: '5a0c1d3e-8b1f-4c56-9d5a-3f8e2b7c6d10',
    lastMigration: 33,
    name: 'bench',
    hostname: '127.0.0.1',
    port,
    endpointPrefix: '',
    latency: 0,
    folders: [],
    routes: calls.map(mockoonRoute),
    rootChildren: calls.map((_, at) => ({ type: 'route', uuid: `route-${at}` })),
    data: [],
    callbacks: [],
    cors: false,
    headers: [],
    tlsOptions: { enabled: false, type: 'CERT' },
    proxyMode: false,
    proxyHost: '',
    proxyRemovePrefix: false,
    proxyReqHeaders: [],
    proxyResHeaders: [],
  });
  const flags = ['--data', data, '--disable-admin-api', '--disable-log-to-file'];
  const command = [process.execPath, join(program, 'bin/run.js'), 'start', ...flags];
  return await startAt(port, command, { HOME: folder, NODE_NO_WARNINGS: '1' });
}

async function startJsonServer({ calls }: BenchCalls, folder: string): Promise<Contender> {
  const program = await installed('json-server', '0.17.4');
  const port = await freePort();
  const customers = calls
    .filter(({ method }) => method === 'GET')
    .map(({ answer }): unknown => JSON.parse(answer));
  const data = fileOf(folder, `json-server-${calls.length}.json`, { customers });
  const flags = ['--host', '127.0.0.1', '--port', String(port), '--quiet', data];
  return await startAt(port, [process.execPath, join(program, 'lib/cli/bin.js'), ...flags]);
}

function operation({ answer }: BenchCall): object {
  const example: unknown = JSON.parse(answer);
  const content = { 'application/json': { example } };
  return { responses: { 200: { description: 'OK', content } } };
}

async function startPrism({ calls }: BenchCalls, folder: string): Promise<Contender> {
  const program = await installed('@stoplight/prism-cli', '5.16.0');
  const port = await freePort();
  const paths = calls.map((call) => [call.path, { [call.method.toLowerCase()]: operation(call) }]);
  const document = fileOf(folder, `openapi-${calls.length}.json`, {
    openapi: '3.0.3',
    info: { title: 'bench', version: '1' },
    paths: Object.fromEntries(paths),
  });
  const flags = ['-h', '127.0.0.1', '-p', String(port), '-v', 'error', document];
  return await startAt(port, [process.execPath, join(program, 'dist/index.js'), 'mock', ...flags]);
}

async function startWireMock({ calls }: BenchCalls, folder: string): Promise<Contender> {
  const java = process.env['JAVA'] ?? 'java';
  await run(java, ['-version']).catch((error: unknown) => {
    throw new Error(`${java} is not installed (on the PATH, or named in JAVA)`, { cause: error });
  });
  const build = join(await installed('wiremock', '3.13.2'), 'build');
  const jar = readdirSync(build).find((name) => name.endsWith('.jar')) ?? '';
  const port = await freePort();
  const root = join(folder, `wiremock-${calls.length}`);
  mkdirSync(join(root, 'mappings'), { recursive: true });
  fileOf(join(root, 'mappings'), 'all.json', {
    mappings: calls.map(({ method, path, answer }) => ({
      request: { method, url: path },
      // Without a length it sends chunks, which load.ts does not read.
      response: {
        status: 200,
        headers: { ...FIELDS, 'content-length': String(Buffer.byteLength(answer)) },
        body: answer,
      },
    })),
  });
  const flags = ['--port', String(port), '--bind-address', '127.0.0.1', '--root-dir', root];
  const quiet = ['--no-request-journal', '--disable-banner', '--disable-request-logging'];
  return await startAt(port, [java, '-jar', join(build, jar), ...flags, ...quiet]);
}

/** All that a mock on this machine can be held against. To add one, add it here. */
export const PEERS: readonly MockPeer[] = [
  { name: 'talkback 4.2.0', start: startTalkback },
  {
    name: 'mockttp 4.6.5',
    start: async ({ list }) => await start([here('contenders/mockttp-mock.ts'), list]),
  },
  { name: 'WireMock 3.13.2', start: startWireMock },
  { name: 'json-server 0.17.4', start: startJsonServer },
  { name: 'Mockoon CLI 9.9.0', start: startMockoon },
  { name: 'Prism 5.16.0', start: startPrism },
];
