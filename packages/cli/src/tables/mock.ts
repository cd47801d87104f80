import type { CommandSpec } from '../command.ts';
import { optional, repeatable, withDefault, yesNo } from '../flag.ts';
import { MATCH_FLAGS, type MatchFlags } from './match.ts';
import { anyText, FILE, oneOf, PORT, SEED } from '../value-kinds.ts';

export type RepeatChoice = 'last' | 'cycle' | 'once';

export interface MockFlags extends MatchFlags {
  readonly port: number;
  readonly host: string;
  readonly fault: readonly string[];
  readonly seed: number | undefined;
  readonly latency: string | undefined;
  readonly repeat: RepeatChoice;
  readonly served: string | undefined;
  readonly 'rewrite-bodies': boolean;
  readonly 'shift-time': boolean;
}

export const MOCK: CommandSpec<MockFlags> = {
  name: 'mock',
  summary: 'answer calls from a tape, offline, with failures injected on request',
  details: [
    'Without a TAPE it plays --tape. A fault rule is METHOD PATH KIND[=VALUE] and when it applies: ' +
      "'POST /v1/charges status=429 retry-after=1 first=2'. METHOD may be *; in PATH * stands for characters up to the next / and /** for all below.",
    'A request gets the recording with the same method, path, query and body, apart from values that clients make anew (uuids, times, nonces). ' +
      '--match and --ignore change what is compared; a miss names the --ignore that would answer it. --rules takes a list such as ' +
      `[{"route": "POST /v1/charges", "match": ["-query"], "ignore": ["json:/nonce"], "lenient": true}].`,
  ],
  arguments: [{ name: 'TAPE', required: false, many: true }],
  flags: {
    port: withDefault(PORT, '4881', 'where to listen; 0 picks a free port'),
    host: withDefault(anyText('ADDRESS'), '127.0.0.1', 'the address to listen on'),
    fault: repeatable(anyText('RULE'), 'inject a failure; may be given several times'),
    seed: optional(SEED, 'repeat the random choices of an earlier run'),
    latency: optional(
      anyText('TIME'),
      'recorded, none, a factor such as 2x, a time such as 200ms, or p95: that percentile of each endpoint',
    ),
    repeat: withDefault(
      oneOf<RepeatChoice>('last', 'cycle', 'once'),
      'last',
      'what to answer when the recordings of a call are used up',
    ),
    ...MATCH_FLAGS,
    'rewrite-bodies': yesNo("point the API's URLs in the text of answers at the mock"),
    'shift-time': yesNo('move the times in answers to now'),
    served: optional(FILE, 'keep what was answered on this tape'),
  },
  examples: [
    { line: 'calltape mock calls.tape', does: 'the recorded answers, offline' },
    {
      line: 'calltape mock --ignore json:/meta/nonce --match header:accept-language',
      does: 'leave a value out of matching, take a header field in',
    },
    {
      line: "calltape mock --fault 'GET /v1/** latency=2s' --fault '* /** reset p=0.1'",
      does: 'slow reads, and one connection in ten reset',
    },
    {
      line: 'calltape mock calls.tape --latency recorded --shift-time',
      does: 'as slow as it was, and with dates of today',
    },
    {
      line: 'calltape mock calls.tape --served served.tape',
      does: 'and keep what was answered, to watch it',
    },
  ],
};
