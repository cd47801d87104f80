// The finder under test, as the library has it: calls go onto two tapes, as recorded ones would.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare, Lessons } from '@calltape/drift';
import {
  bodyText,
  decodeBody,
  endpointsOfTape,
  header,
  newDraft,
  openTape,
  openWriter,
} from '@calltape/store';
import type { Exchange, Tape, TapeEndpoints } from '@calltape/store';
import type { DrawnCall } from './draw-calls.ts';

/** A drift in the words of `calltape drift --json`. */
export interface FoundDrift {
  readonly method: string;
  readonly template: string;
  readonly location: string;
  readonly kind: string;
  readonly severity: string;
  readonly status: number | null;
  readonly before: { readonly k: number; readonly n: number };
  readonly after: { readonly m: number; readonly n: number };
  readonly chance: number;
}

export interface Found {
  readonly drifts: readonly FoundDrift[];
  templateOf(call: Pick<DrawnCall, 'method' | 'url'>): string;
}

export type Find = (before: readonly DrawnCall[], after: readonly DrawnCall[]) => Promise<Found>;

/** Calls as a recorder would write them. */
export async function writeTape(file: string, calls: readonly DrawnCall[]): Promise<void> {
  const writer = await openWriter(file, { name: 'drawn', source: 'har' });
  for (const { method, url, status, headers, body } of calls) {
    const draft = newDraft(method, url);
    const content = Buffer.from(body);
    draft.headers = ['accept', 'application/json'];
    draft.outcome = 'complete';
    draft.response = {
      status,
      statusText: '',
      httpVersion: '1.1',
      headers: [...headers],
      body: { pieces: content.length === 0 ? [] : [content], size: content.length, hash: null },
      trailers: [],
      interim: [],
      chunks: [],
    };
    writer.finish(draft);
    if (writer.full)
      await new Promise<void>((resolve) => {
        writer.onceDrained(resolve);
      });
  }
  await writer.close();
}

function lessonsOf(tape: Tape, endpoints: TapeEndpoints): Lessons {
  const lessons = new Lessons();
  for (const exchange of tape.exchanges()) lessons.add(learned(exchange, endpoints));
  return lessons;
}

function learned(exchange: Exchange, endpoints: TapeEndpoints): Parameters<Lessons['add']>[0] {
  const { id, startedAt, request, response, outcome } = exchange;
  const headers = response?.headers ?? [];
  const body = response?.body;
  return {
    id,
    at: startedAt,
    ...endpoints.endpointOf(exchange),
    url: request.url,
    status: response?.status ?? null,
    requestContentType: null,
    responseContentType: header(headers, 'content-type') ?? null,
    requestHeaders: request.headers,
    responseHeaders: headers,
    requestBody: '',
    responseBody: body === undefined ? null : (bodyText(decodeBody(body, headers), headers) ?? ''),
    outcome,
  };
}

/** @param alpha the chance at which a difference is said aloud; undefined: the library's own. */
export function finderAt(alpha: number | undefined): Find {
  return async (before, after) => {
    const folder = mkdtempSync(join(tmpdir(), 'calltape-drift-'));
    const files = ['before.tape', 'after.tape'].map((name) => join(folder, name));
    await Promise.all(files.map((file, at) => writeTape(file, at === 0 ? before : after)));
    const tapes = files.map((file) => openTape(file));
    const endpoints = endpointsOfTape(tapes);
    const [was = new Lessons(), is = new Lessons()] = tapes.map((tape) =>
      lessonsOf(tape, endpoints),
    );
    for (const tape of tapes) tape.close();
    rmSync(folder, { recursive: true });
    const drifts = compare(was, is, alpha === undefined ? {} : { alpha })
      .filter(({ direction }) => direction === 'response')
      .map(({ endpoint, before: k, after: m, ...drift }) => ({
        ...drift,
        ...endpoint,
        before: { k: k.count, n: k.of },
        after: { m: m.count, n: m.of },
      }));
    return {
      drifts,
      templateOf: ({ method, url }) => endpoints.endpointOf({ method, url }).template,
    };
  };
}
