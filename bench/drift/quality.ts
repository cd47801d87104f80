// How well drift is found in labelled calls:
//   node bench/drift/quality.ts [SEEDS] [--alpha 0.01] [--data DIR] [--only NAME] [--command] [--verbose]
// Drives the library, with --command the program. SEEDS is a number, or a list such as 11,12. DIR holds pairs of published descriptions, see data/README.md.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { drawCalls } from './draw-calls.ts';
import { commandAt } from './command.ts';
import { finderAt } from './finder.ts';
import type { Find } from './finder.ts';
import { addScore, judge, newScore } from './judge.ts';
import type { Count, Score } from './judge.ts';
import { mutated } from './mutate.ts';
import { readOpenApi } from './openapi.ts';
import { judgeRecordings } from './recordings.ts';
import { hashOf, Random } from './random.ts';
import type { Description, Pair } from './shape.ts';
import { operationKey } from './shape.ts';
import { readWritten } from './written.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    alpha: { type: 'string' },
    command: { type: 'boolean', default: false },
    data: { type: 'string' },
    only: { type: 'string' },
    recordings: { type: 'string', default: join(import.meta.dirname, '../../fixtures') },
    verbose: { type: 'boolean', default: false },
  },
});

type MakePair = (seed: string) => Pair;

function read(folder: string): [string, ReturnType<typeof JSON.parse>][] {
  return readdirSync(folder)
    .filter(
      (file) => file.endsWith('.json') && (values.only === undefined || file.includes(values.only)),
    )
    .map((file) => [file.slice(0, -5), JSON.parse(readFileSync(join(folder, file), 'utf8'))]);
}

/** Half of the operations stay as they were. */
function withControls(name: string, before: Description, after: Description, seed: string): Pair {
  const known = new Map(before.operations.map((one) => [operationKey(one), one]));
  const operations = after.operations.map((one) => {
    const key = operationKey(one);
    return hashOf(seed + name + key) % 2 === 0 ? (known.get(key) ?? one) : one;
  });
  return { name, before, after: { ...after, operations } };
}

function makers(): Map<string, MakePair> {
  const all = new Map<string, MakePair>();
  for (const [name, written] of read(join(import.meta.dirname, 'data'))) {
    const description = readWritten(written);
    all.set(name, (seed) => {
      const [before, after] = mutated(description, new Random(seed + name));
      return { name, before, after };
    });
  }
  for (const [name, { origin, before, after }] of values.data === undefined
    ? []
    : read(values.data)) {
    const [was, is] = [readOpenApi(before, origin), readOpenApi(after, origin)];
    all.set(name, (seed) => withControls(name, was, is, seed));
    all.set(`${name}, changed`, (seed) => {
      const [one, other] = mutated(was, new Random(seed + name));
      return { name, before: one, after: other };
    });
  }
  return all;
}

async function score(find: Find, pair: Pair, seed: string): Promise<Score> {
  const now = new Set(pair.after.operations.map(operationKey));
  const gone = pair.before.operations.filter((one) => !now.has(operationKey(one)));
  const were = drawCalls(pair.before, [], `${seed} before`);
  const are = drawCalls(pair.after, gone, `${seed} after`);
  return judge(pair, were, are, await find(were, are));
}

function percent(counts: Score['counts'], part: Count, whole: Count): string {
  return counts[whole] === 0 ? '-' : ((100 * counts[part]) / counts[whole]).toFixed(1);
}

function recall({ kinds }: Score): string {
  const each = [...kinds.values()].map(({ clear, found }) => found / clear);
  return each.length === 0 ? '-' : ((100 * each.reduce((a, b) => a + b)) / each.length).toFixed(1);
}

function tell(name: string, one: Score): void {
  const { counts } = one;
  const cells = [
    percent(counts, 'rightAlarms', 'alarms'),
    percent(counts, 'rightFindings', 'findings'),
    percent(counts, 'alarmedControls', 'controls'),
    percent(counts, 'foundBreaking', 'clearBreaking'),
    recall(one),
    percent(counts, 'grouped', 'exchanges'),
    percent(counts, 'rightSeverity', 'matched'),
  ];
  const sizes = [counts.alarms, counts.controls, counts.clearBreaking, counts.exchanges];
  console.log(
    `| ${[name.padEnd(24), ...cells.map((cell) => cell.padStart(6)), ...sizes].join(' | ')} |`,
  );
}

function seedsOf(text = '3'): readonly string[] {
  return text.includes(',')
    ? text.split(',')
    : Array.from({ length: Number(text) }, (_, at) => String(at + 1));
}

async function main(): Promise<void> {
  const { alpha, command } = values;
  const find = command
    ? commandAt(alpha)
    : finderAt(alpha === undefined ? undefined : Number(alpha));
  const seeds = seedsOf(positionals[0]);
  console.log('Shares in %, then how many there were.\n');
  const head = [
    'API',
    'alarms right',
    'all right',
    'controls alarmed',
    'clear breaking found',
    'recall by kind',
    'grouped',
    'severity',
    'alarms',
    'controls',
    'clear breaking',
    'calls',
  ];
  console.log(`| ${head.join(' | ')} |\n|${' --- |'.repeat(head.length)}`);
  const all = newScore();
  for (const [name, make] of makers()) {
    const sum = newScore();
    for (const seed of seeds) addScore(sum, await score(find, make(seed), `${seed} ${name}`));
    tell(name, sum);
    addScore(all, { ...sum, remarks: sum.remarks.map((remark) => `${name}: ${remark}`) });
  }
  tell('all', all);
  const kinds = [...all.kinds].map(([kind, { clear, found }]) => `${kind} ${found}/${clear}`);
  console.log(`\nFound of the clear ones, by kind: ${kinds.toSorted().join(', ')}`);
  console.log(await judgeRecordings(find, values.recordings));
  if (values.verbose) console.log(`\n${all.remarks.join('\n')}`);
}

await main();
