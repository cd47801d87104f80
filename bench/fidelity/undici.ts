import { join } from 'node:path';
import { Agent, SnapshotAgent, request } from 'undici';
import type { Dispatcher } from 'undici';
import type { FidelityContender } from './contender.ts';
import type { Outcome } from './seen.ts';

const PATIENCE_MS = 3_000;

function flat(headers: object): string[] {
  if (Array.isArray(headers)) return headers.map(String);
  return Object.entries(headers).flatMap(([name, value]: [string, unknown]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one) => [name, String(one)]),
  );
}

/** It works for undici's own clients only. */
async function ask(url: string, dispatcher: Dispatcher): Promise<Outcome> {
  const started = performance.now();
  const interim: number[] = [];
  try {
    const answer = await request(url, {
      dispatcher,
      responseHeaders: 'raw',
      signal: AbortSignal.timeout(PATIENCE_MS),
      onInfo: ({ statusCode }) => interim.push(statusCode),
    });
    const pieces: { atMs: number; hex: string }[] = [];
    for await (const piece of answer.body) {
      pieces.push({ atMs: performance.now() - started, hex: Buffer.from(piece).toString('hex') });
    }
    const { statusText, headers, trailers } = answer;
    return { statusText, headers: flat(headers), trailers: flat(trailers), interim, pieces };
  } catch (error) {
    if (error instanceof Error && error.name === 'TimeoutError') return 'hangs';
    return `fails: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function snapshotsIn(folder: string): string {
  return join(folder, 'snapshots.json');
}

export const contender: FidelityContender = {
  name: 'SnapshotAgent, undici 7.30.2',
  record: async (url, paths, folder) => {
    const direct = new Agent();
    const recording = new SnapshotAgent({ mode: 'record', snapshotPath: snapshotsIn(folder) });
    const sent: Record<string, Outcome> = {};
    for (const path of paths) {
      sent[path] = await ask(url + path, direct);
      await ask(url + path, recording);
    }
    await recording.saveSnapshots();
    await Promise.all([recording.close(), direct.close()]);
    return sent;
  },
  replay: async (url, paths, folder) => {
    const playing = new SnapshotAgent({ mode: 'playback', snapshotPath: snapshotsIn(folder) });
    const seen: Record<string, Outcome> = {};
    for (const path of paths) seen[path] = await ask(url + path, playing);
    return seen;
  },
};
