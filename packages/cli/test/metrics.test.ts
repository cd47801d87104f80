// What a recorder tells Prometheus, under real calls.

import { once } from 'node:events';
import { Agent, get, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import {
  parseExposition,
  valuesOf,
  type ParsedFamily,
} from '../../mock/test/control/exposition-parser.ts';
import { emptyFolder, serve, type Server } from './run-cli.ts';
import { standIn } from './stand-in.ts';

async function recorder(...words: string[]): Promise<Server & { readonly metrics: string }> {
  const args = ['record', ...words, '--port', '0', '--metrics-port', '0', '--json'];
  const server = await serve(args, { cwd: await emptyFolder() });
  const said: unknown = JSON.parse(server.firstLine);
  const isTold = typeof said === 'object' && said !== null && 'metrics' in said;
  return { ...server, metrics: isTold ? String(said.metrics) : '' };
}

async function scrape(url: string): Promise<ParsedFamily[]> {
  const response = await fetch(url);
  return parseExposition(await response.text(), response.headers.get('content-type') ?? '');
}

async function sent(url: string, method: string, body = ''): Promise<number> {
  const outgoing = request(url, { method, agent: false }).end(body);
  const [response] = await once(outgoing, 'response');
  await text(response);
  return response.statusCode;
}

test('a recorder counts its calls by host, method, status and outcome', async () => {
  const target = await standIn((incoming, response) => {
    incoming.resume();
    if (incoming.url === '/cut') {
      response.writeHead(200, { 'content-length': '100' });
      response.write('part', () => response.destroy());
      return;
    }
    response.statusCode = incoming.url === '/bad' ? 503 : 200;
    response.end('hello');
  });
  const { host } = new URL(target);
  const server = await recorder(target, '--skip', 'path:/skipped');
  await sent(`${server.url}/a`, 'POST', 'twelve bytes');
  await sent(`${server.url}/a`, 'POST', 'twelve bytes');
  await sent(`${server.url}/bad`, 'GET');
  await sent(`${server.url}/skipped`, 'GET');
  await expect(sent(`${server.url}/cut`, 'GET')).rejects.toThrow(/aborted|ECONNRESET/);
  const families = await scrape(server.metrics);
  const of = (method: string, status: string, outcome = 'complete'): string =>
    `host=${host} method=${method} status=${status} outcome=${outcome}`;
  expect(valuesOf(families, 'calltape_recorder_calls_total')).toEqual({
    [of('POST', '2xx')]: 2,
    [of('GET', '5xx')]: 1,
    [of('GET', '2xx')]: 1,
    [of('GET', '2xx', 'truncated')]: 1,
  });
  const counted = (name: string): Readonly<Record<string, number>> => valuesOf(families, name);
  expect(counted('calltape_recorder_call_duration_seconds_count')).toEqual({ [`host=${host}`]: 5 });
  expect(counted('calltape_recorder_request_body_bytes_total')).toEqual({ [`host=${host}`]: 24 });
  expect(counted('calltape_recorder_response_body_bytes_total')).toEqual({ [`host=${host}`]: 24 });
  expect(counted('calltape_recorder_calls_in_flight')).toEqual({ '': 0 });
  const tape = 'role=recorded tape=calls.tape';
  expect(counted('calltape_tape_lost_calls_total')).toEqual({ [tape]: 0 });
  expect(counted('calltape_tape_dropped_bodies')).toEqual({ [tape]: 0 });
  expect(counted('calltape_tape_failing')).toEqual({ [tape]: 0 });
  expect(counted('calltape_tape_size_bytes')[tape]).toBeGreaterThan(4_096);
  expect(counted('calltape_info')).toEqual({ 'version=0.0.0': 1 });
  while (valuesOf(await scrape(server.metrics), 'calltape_tape_written_calls_total')[tape] !== 4);
  const after = await scrape(server.metrics);
  expect(valuesOf(after, 'calltape_tape_unkept_calls_total')).toEqual({ [tape]: 1 });
  expect(valuesOf(after, 'calltape_tape_queue_bytes')).toEqual({ [tape]: 0 });
  expect(await server.stop()).toMatchObject({ code: 0 });
});

test('a client that calls ever new hosts and methods makes no more than so many series', async () => {
  const target = await standIn((_, response) => response.end('hello'));
  const server = await recorder('--map', `*.example=${target}`);
  const agent = new Agent({ keepAlive: true, proxyEnv: { HTTP_PROXY: server.url } });
  for (let at = 0; at < 130; at += 1) {
    const url = `http://h${at}.example/`;
    const [response] = await once(get(url, { agent }), 'response');
    expect(response.statusCode).toBe(200);
    await text(response);
  }
  const odd = request('http://h0.example/', { agent, method: 'PROPFIND' }).end();
  const [response] = await once(odd, 'response');
  await text(response);
  agent.destroy();
  const calls = valuesOf(await scrape(server.metrics), 'calltape_recorder_calls_total');
  expect(Object.keys(calls)).toHaveLength(102);
  const rest = 'host=other method=GET status=2xx outcome=complete';
  expect(calls[rest]).toBe(30);
  expect(calls['host=h0.example method=other status=2xx outcome=complete']).toBe(1);
  await server.stop();
});

test('nobody reaches the figures through the recorder', async () => {
  const server = await recorder();
  const agent = new Agent({ proxyEnv: { HTTP_PROXY: server.url } });
  for (const host of ['127.0.0.1', 'localhost', '[::1]', '0.0.0.0']) {
    const url = server.metrics.replace('127.0.0.1', host);
    const [response] = await once(get(url, { agent }), 'response');
    expect([host, response.statusCode]).toEqual([host, 403]);
    expect(await text(response)).toContain('controlled or measured');
  }
  agent.destroy();
  expect((await fetch(server.metrics)).status).toBe(200);
  await server.stop();
});
