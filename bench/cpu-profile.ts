// Reads a .cpuprofile of V8 and adds up, for a stretch of it, what the time went to.
import { readFileSync } from 'node:fs';

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  /** Microseconds of the monotonic clock that `process.hrtime` tells too. */
  readonly startTime: number;
  readonly samples: readonly number[];
  /** From one sample to the next, microseconds. */
  readonly timeDeltas: readonly number[];
}

/** From and to, in microseconds of the monotonic clock. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

export interface Share {
  readonly what: string;
  /** Of the time in which the thread was busy. */
  readonly percent: number;
}

export interface Shares {
  readonly busyMs: number;
  /** The most costly first. */
  readonly shares: readonly Share[];
}

/** What V8 names without a file. */
const NAMED: readonly (readonly [RegExp, string])[] = [
  [/^\(garbage collector\)$/, 'garbage collection'],
  [/^\(program\)$/, 'node, outside JavaScript'],
  [/^write(?:Latin1String|AsciiString|Utf8String|Ucs2String|Buffer|v)$/, 'write to a socket'],
  [/^postMessage$/, 'post a message to the other thread'],
];

/** Where the function is. */
const FILES: readonly (readonly [RegExp, string])[] = [
  [/^node:(?:internal\/)?_?http/, 'node:http'],
  [/^node:(?:internal\/)?(?:net|stream|events)/, 'node:net, node:stream, node:events'],
  [/^node:(?:internal\/)?buffer/, 'node:buffer'],
  [/^node:(?:internal\/)?(?:timers|process|async|promise)/, 'node, timers and ticks'],
  [/^node:/, 'node, the rest'],
  [/\/store\/dist\/redact[^/]*\.js$/, 'look for secrets, `redact*.ts`'],
];

function nameOf({ functionName, url }: ProfileNode['callFrame']): string | undefined {
  const known = url === '' ? NAMED : FILES;
  const [, name] = known.find(([what]) => what.test(url === '' ? functionName : url)) ?? [];
  if (name !== undefined || url === '') return name;
  const [, dependency] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url) ?? [];
  return dependency ?? `\`${url.slice(url.lastIndexOf('/') + 1).replace(/\.js$/, '.ts')}\``;
}

/** What each node counts for: functions without a file of their own, expressions too, for their caller. */
function namesOf(nodes: readonly ProfileNode[]): Map<number, string> {
  const callers = new Map<number, ProfileNode>();
  for (const node of nodes) for (const child of node.children ?? []) callers.set(child, node);
  const names = new Map<number, string>();
  for (const node of nodes) {
    let at: ProfileNode | undefined = node;
    let name: string | undefined;
    while (at !== undefined && name === undefined) {
      name = nameOf(at.callFrame);
      at = callers.get(at.id);
    }
    names.set(node.id, name ?? 'node, the rest');
  }
  return names;
}

/** Names one of our files with the function that most of its time went to. */
function withFunction(what: string, functions: ReadonlyMap<string, number>, time: number): string {
  const [most] = [...functions].toSorted(([, one], [, other]) => other - one);
  const tell = what.startsWith('`') && most !== undefined && most[0] !== '' && most[1] > time / 2;
  return tell ? `${what}, mostly \`${most[0].replace('#', '')}\`` : what;
}

function sharesOf(spent: ReadonlyMap<string, ReadonlyMap<string, number>>, busy: number): Share[] {
  const shares = [...spent].map(([what, functions]) => {
    const time = [...functions.values()].reduce((sum, one) => sum + one, 0);
    return { what: withFunction(what, functions, time), percent: (time / busy) * 100 };
  });
  return shares.toSorted((one, other) => other.percent - one.percent);
}

export function readShares(file: string, { from, to }: Stretch): Shares {
  const { nodes, startTime, samples, timeDeltas }: Profile = JSON.parse(readFileSync(file, 'utf8'));
  const byId = new Map(nodes.map((node) => [node.id, node.callFrame]));
  const names = namesOf(nodes);
  const spent = new Map<string, Map<string, number>>();
  let at = startTime;
  let busy = 0;
  for (const [index, id] of samples.entries()) {
    at += timeDeltas[index] ?? 0;
    const { functionName = '' } = byId.get(id) ?? {};
    if (at < from || at > to || functionName === '(idle)') continue;
    const time = timeDeltas[index + 1] ?? 0;
    const name = names.get(id) ?? '';
    const functions = spent.get(name) ?? new Map<string, number>();
    spent.set(name, functions.set(functionName, (functions.get(functionName) ?? 0) + time));
    busy += time;
  }
  return { busyMs: busy / 1000, shares: sharesOf(spent, busy) };
}
