// The finder under test, as a user has it: two HAR files and `calltape drift --json`.
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DrawnCall } from './draw-calls.ts';
import type { Find, Found, FoundDrift } from './finder.ts';

const START_MS = Date.UTC(2026, 0, 1);
const PROGRAM = join(import.meta.dirname, '../../packages/cli/bin/calltape.js');

interface Printed {
  readonly endpoints: readonly { method: string; origin: string; path_template: string }[];
  readonly drifts: readonly (Omit<FoundDrift, 'template'> & {
    path_template: string;
    direction?: string;
  })[];
}

function pairs(list: readonly string[]): { name: string; value: string }[] {
  return list.flatMap((name, at) => (at % 2 === 0 ? [{ name, value: list[at + 1] ?? '' }] : []));
}

function entry({ method, url, status, headers, body }: DrawnCall, at: number): object {
  const shared = { httpVersion: 'HTTP/1.1', cookies: [], headersSize: -1 };
  const size = Buffer.byteLength(body);
  const mimeType = (headers[headers.indexOf('content-type') + 1] ?? '') || 'x-unknown';
  return {
    startedDateTime: new Date(START_MS + at * 1000).toISOString(),
    time: 5,
    request: { ...shared, method, url, headers: [], queryString: [], bodySize: 0 },
    response: {
      ...shared,
      status,
      statusText: '',
      headers: pairs(headers),
      redirectURL: '',
      bodySize: size,
      content: { size, mimeType, ...(size === 0 ? {} : { text: body }) },
    },
    cache: {},
    timings: { send: 1, wait: 3, receive: 1 },
  };
}

function har(calls: readonly DrawnCall[]): string {
  const log = {
    version: '1.2',
    creator: { name: 'bench', version: '1' },
    entries: calls.map(entry),
  };
  return JSON.stringify({ log });
}

/** The most literal template that fits, as calls themselves are not in the output. */
function templateFinder(endpoints: Printed['endpoints']): Found['templateOf'] {
  const known = endpoints
    .map(({ method, origin, path_template: template }) => ({
      method,
      origin,
      template,
      fits: pattern(template),
    }))
    .toSorted((a, b) => a.template.split('{').length - b.template.split('{').length);
  return ({ method, url }) => {
    const { origin, pathname } = new URL(url);
    const found = known.find(
      (one) => one.method === method && one.origin === origin && one.fits.test(pathname),
    );
    return found?.template ?? '';
  };
}

function pattern(template: string): RegExp {
  const parts = template
    .split(/\{[^}]*\}/)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('[^/]+?')}$`);
}

/** It ends with 1 when there is a drift; anything past that is an error. */
function run(args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [PROGRAM, ...args],
      { maxBuffer: 2 ** 30 },
      (error, stdout, stderr) => {
        const file = args.at(-1);
        if (error !== null && error.code !== 1) reject(new Error(stderr, { cause: error }));
        else if (file !== undefined) resolve(writeFileSync(`${file}.json`, stdout));
      },
    );
  });
}

/** @param alpha the chance at which a difference is said aloud; undefined: the command's own. */
export function commandAt(alpha: string | undefined): Find {
  return async (before, after) => {
    const folder = mkdtempSync(join(tmpdir(), 'calltape-drift-'));
    const [was, is] = [join(folder, 'before.har'), join(folder, 'after.har')];
    writeFileSync(was, har(before));
    writeFileSync(is, har(after));
    const set = alpha === undefined ? [] : ['--alpha', alpha];
    await run(['drift', '--json', ...set, '--baseline', was, '--live', is]);
    const printed: Printed = JSON.parse(readFileSync(`${is}.json`, 'utf8'));
    rmSync(folder, { recursive: true });
    const drifts = printed.drifts
      .filter(({ direction }) => direction !== 'request')
      .map(({ path_template: template, ...drift }) => ({ ...drift, template }));
    return { drifts, templateOf: templateFinder(printed.endpoints) };
  };
}
