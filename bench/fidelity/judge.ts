import type { ByPath } from './contender.ts';
import type { Outcome, Seen } from './seen.ts';

type Outcomes = Readonly<Record<string, readonly [sent: Outcome, replayed: Outcome]>>;

const OF_THE_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding']);

function endToEnd({ headers }: Seen): string[] {
  return headers.filter(
    (_, at) => !OF_THE_CONNECTION.has(headers[at - (at % 2)]?.toLowerCase() ?? ''),
  );
}

function cookies({ headers }: Seen): string[] {
  return headers.filter((_, at) => at % 2 === 1 && headers[at - 1]?.toLowerCase() === 'set-cookie');
}

function content({ pieces }: Seen): string {
  return pieces.map(({ hex }) => hex).join('');
}

/** What is compared, for which paths. An empty list stands for all. */
const ASPECTS: readonly [what: string, paths: readonly string[], of: (seen: Seen) => unknown][] = [
  ['content, byte for byte', [], content],
  ['fields: order, letter case, number', [], endToEnd],
  ['several Set-Cookie', ['/cookies'], cookies],
  ['status text', ['/reason'], ({ statusText }) => statusText],
  ['trailers', ['/trailers'], ({ trailers }) => trailers],
  ['1xx', ['/hints'], ({ interim }) => interim],
  [
    'events of a stream in pieces of their own',
    ['/events'],
    ({ pieces }) => pieces.map(({ hex }) => hex),
  ],
];

function verdict(
  outcomes: Outcomes,
  paths: readonly string[],
  of: (seen: Seen) => unknown,
): string {
  const all = paths.length === 0 ? Object.keys(outcomes) : paths;
  const same = all.filter((path) => {
    const [sent, replayed] = outcomes[path] ?? ['', ''];
    if (typeof sent === 'string' || typeof replayed === 'string') return false;
    return JSON.stringify(of(sent)) === JSON.stringify(of(replayed));
  });
  if (all.length === 1) return same.length === 1 ? 'yes' : 'no';
  return `${same.length} of ${all.length}`;
}

function gaps({ pieces }: Seen): number[] {
  return pieces.slice(1).map(({ atMs }, at) => atMs - (pieces[at]?.atMs ?? 0));
}

/** The largest difference between a gap of the replayed stream and the same gap as it was sent. */
function gapError(outcomes: Outcomes): string {
  const [sent, replayed] = outcomes['/events'] ?? ['', ''];
  if (typeof sent === 'string' || typeof replayed === 'string') return 'no answer';
  if (sent.pieces.length !== replayed.pieces.length) return 'no pieces';
  const before = gaps(sent);
  const errors = gaps(replayed).map((gap, at) => Math.abs(gap - (before[at] ?? 0)));
  return `${Math.max(...errors).toFixed(0)} ms`;
}

function unanswered(outcomes: Outcomes): string {
  const failed = Object.entries(outcomes).filter(
    ([, [, replayed]]) => typeof replayed === 'string',
  );
  return failed.length === 0 ? 'none' : failed.map(([path]) => `\`${path}\``).join(' ');
}

/** The rows of the table for one contender: what, and how it did. */
export function judged(sent: ByPath, replayed: ByPath): [what: string, verdict: string][] {
  const outcomes = Object.fromEntries(
    Object.entries(sent).map(([path, outcome]) => [path, [outcome, replayed[path] ?? ''] as const]),
  );
  return [
    ...ASPECTS.map(([what, paths, of]): [string, string] => [what, verdict(outcomes, paths, of)]),
    ['largest error of a gap between events', gapError(outcomes)],
    ['calls that fail or hang at replay', unanswered(outcomes)],
  ];
}
