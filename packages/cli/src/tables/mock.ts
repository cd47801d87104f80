import type { FaultProfile } from '@calltape/mock';
import type { CommandSpec } from '../command.ts';
import { optional, repeatable, withDefault } from '../flag.ts';
import { MATCH_FLAGS, type MatchFlags } from './match.ts';
import { anyText, FILE, oneOf, PORT, SEED } from '../value-kinds.ts';

export type RepeatChoice = 'last' | 'cycle' | 'once';

export interface MockFlags extends MatchFlags {
  readonly port: number;
  readonly host: string;
  readonly fault: readonly string[];
  readonly faults: string | undefined;
  readonly profile: FaultProfile | undefined;
  readonly seed: number | undefined;
  readonly latency: string | undefined;
  readonly repeat: RepeatChoice;
  readonly served: string | undefined;
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
    'Kinds: latency, bandwidth, timeout, reset, close, empty, truncate, malformed, garbage, slow-close, lose-reply, status, rate-limit, unauthorized, ' +
      'drop-field, null-field, retype-field, rename-field, extra-field, new-enum, empty-array, drift. When: p, first, after, every, between, for, times.',
    "A client on this machine asks for a fault in one answer with the request's field x-calltape-fault: KIND[=VALUE].",
  ],
  arguments: [{ name: 'TAPE', required: false, many: true }],
  flags: {
    port: withDefault(PORT, '4881', 'where to listen; 0 picks a free port'),
    host: withDefault(anyText('ADDRESS'), '127.0.0.1', 'the address to listen on'),
    fault: repeatable(anyText('RULE'), 'inject a failure; may be given several times'),
    faults: optional(FILE, 'fault rules from a YAML or JSON file'),
    profile: optional(
      oneOf<FaultProfile>('flaky', 'slow', 'rate-limited', 'down', 'brownout', 'broken-schema'),
      'fault rules that belong together, see docs/faults.md',
    ),
    seed: optional(SEED, 'repeat the random choices of an earlier run'),
    latency: optional(anyText('TIME'), 'recorded, none, a factor such as 2x, or a time as 200ms'),
    repeat: withDefault(
      oneOf<RepeatChoice>('last', 'cycle', 'once'),
      'last',
      'what to answer when the recordings of a call are used up',
    ),
    ...MATCH_FLAGS,
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
      line: 'calltape mock calls.tape --profile flaky --seed 7',
      does: 'an API that fails now and then, the same way each time',
    },
    {
      line: "calltape mock calls.tape --fault 'GET /v1/** drift p=0.2'",
      does: 'answers that change their shape in ways an API might',
    },
    {
      line: 'calltape mock calls.tape --served served.tape',
      does: 'and keep what was answered, to watch it',
    },
  ],
};
