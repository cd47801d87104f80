// Records the same raw answers with several tools, plays them again, and says what is still the same.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { judged } from './fidelity/judge.ts';
import { ANSWERS, scriptedUpstream } from './fidelity/scripted.ts';

/** To add a tool, add its file here. */
const CONTENDERS = {
  calltape: () => import('./fidelity/calltape.ts'),
  nock: () => import('./fidelity/nock.ts'),
  msw: () => import('./fidelity/msw.ts'),
  undici: () => import('./fidelity/undici.ts'),
};

type Name = keyof typeof CONTENDERS;
const NAMES: readonly Name[] = ['calltape', 'nock', 'msw', 'undici'];

interface Column {
  readonly name: string;
  readonly rows: [what: string, verdict: string][];
}

async function measure(name: Name): Promise<Column> {
  const { contender } = await CONTENDERS[name]();
  const folder = mkdtempSync(join(tmpdir(), 'calltape-fidelity-'));
  const upstream = await scriptedUpstream();
  const paths = Object.keys(ANSWERS);
  try {
    const sent = await contender.record(upstream.url, paths, folder);
    await upstream.close();
    const replayed = await contender.replay(upstream.url, paths, folder);
    return { name: contender.name, rows: judged(sent, replayed) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In a process of its own: some of them change node:http for everybody. */
function measureApart(name: Name): Column {
  const self = fileURLToPath(import.meta.url);
  return JSON.parse(execFileSync(process.execPath, [self, name], { encoding: 'utf8' }));
}

function table(columns: readonly Column[]): string {
  const head = ['', ...columns.map(({ name }) => name)];
  const rows = (columns[0]?.rows ?? []).map(([what], at) => [
    what,
    ...columns.map(({ rows: own }) => own[at]?.[1] ?? ''),
  ]);
  return [head, head.map(() => '---'), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

const only = NAMES.find((name) => name === process.argv[2]);
if (only === undefined) {
  process.stdout.write(`${table(NAMES.map(measureApart))}\n`);
} else {
  process.stdout.write(JSON.stringify(await measure(only)));
}
