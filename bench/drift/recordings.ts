// Real recordings (HAR with plain text bodies) as controls: the calls of each path dealt into two halves, between which nothing changed.
import { globSync, readFileSync } from 'node:fs';
import type { DrawnCall } from './draw-calls.ts';
import type { Find } from './finder.ts';

const FEWEST = 3;

interface HarEntry {
  readonly request: { readonly method: string; readonly url: string };
  readonly response: {
    readonly status: number;
    readonly headers: readonly { readonly name: string; readonly value: string }[];
    readonly content: { readonly text?: string; readonly encoding?: string };
  };
}

function callsOf(file: string): DrawnCall[] {
  const { log }: { log: { entries: readonly HarEntry[] } } = JSON.parse(readFileSync(file, 'utf8'));
  return log.entries.map(
    ({ request: { method, url }, response: { status, headers, content } }) => ({
      operation: '',
      method,
      url,
      status,
      headers: headers.flatMap(({ name, value }) => [name.toLowerCase(), value]),
      body: content.encoding === undefined ? (content.text ?? '') : '',
    }),
  );
}

/** Endpoints with 3 or more calls a side, and what was told of them. */
export async function judgeRecordings(find: Find, folder: string): Promise<string> {
  let endpoints = 0;
  const alarms: string[] = [];
  for (const file of globSync(`${folder}/**/*.har`)) {
    const sides: [DrawnCall[], DrawnCall[]] = [[], []];
    const calls = callsOf(file).filter(({ status, url }) => status > 0 && url.startsWith('http'));
    const ways = Map.groupBy(calls, ({ method, url }) => `${method} ${url.split('?', 1)[0] ?? ''}`);
    for (const way of ways.values())
      way.forEach((call, at) => sides[at % 2 === 0 ? 0 : 1].push(call));
    if (sides.some((side) => side.length === 0)) continue;
    const found = await find(...sides);
    const [some, others] = sides.map((side) =>
      Map.groupBy(side, (call) => `${call.method} ${found.templateOf(call)}`),
    );
    for (const [endpoint, of] of some ?? []) {
      const least = Math.min(of.length, others?.get(endpoint)?.length ?? 0);
      if (least >= FEWEST) endpoints += 1;
    }
    const told = found.drifts.filter(({ severity }) => severity !== 'info');
    alarms.push(
      ...told.map(
        ({ method, template, location, kind }) => `${method} ${template} ${location} ${kind}`,
      ),
    );
  }
  const list = alarms.map((alarm) => `\n  ${alarm}`).join('');
  return `Recordings dealt in two: ${endpoints} endpoints with ${FEWEST} calls or more a side, ${alarms.length} alarms${list}`;
}
