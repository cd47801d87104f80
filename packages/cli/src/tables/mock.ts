import type { FaultProfile } from '@calltape/mock';
import type { CommandSpec } from '../command.ts';
import { optional, repeatable, withDefault, yesNo, type FlagTable } from '../flag.ts';
import {
  anyText,
  FILE,
  oneOf,
  PORT,
  ROUTE,
  SEED,
  type RouteText,
  type ValueKind,
  WORKERS,
} from '../value-kinds.ts';
import type { ModeFlags, ModeName, OnMiss } from '../mock-mode.ts';
import { REDACT_FLAGS, type RedactFlags } from '../redact-flags.ts';
import type { UpstreamFlags } from '../upstream-options.ts';
import { MATCH_FLAGS, type MatchFlags } from './match.ts';
import { RECORDER_FLAGS } from './recorder.ts';

export type RepeatChoice = 'last' | 'cycle' | 'once';

/** What a mock answers, however calls come to it. */
export interface PlayFlags extends ModeFlags, MatchFlags {
  readonly fault: readonly string[];
  readonly faults: string | undefined;
  readonly profile: FaultProfile | undefined;
  readonly seed: number | undefined;
  readonly latency: string | undefined;
  readonly repeat: RepeatChoice;
  readonly served: string | undefined;
  readonly 'shift-time': boolean;
  readonly 'control-port': number | undefined;
}

/** How calls come to a mock of its own, and from there to the API. */
export interface MockDoorFlags extends UpstreamFlags, RedactFlags {
  readonly port: number;
  readonly host: string;
  readonly tls: boolean;
  readonly workers: number;
  readonly route: readonly RouteText[];
  readonly 'rewrite-bodies': boolean;
  readonly upstream: string | undefined;
  readonly ca: string | undefined;
  readonly recording: string | undefined;
  readonly 'body-limit': number;
  readonly 'metrics-port': number | undefined;
}

export interface MockFlags extends PlayFlags, MockDoorFlags {}

const PROFILE: ValueKind<FaultProfile> = {
  ...oneOf('flaky', 'slow', 'rate-limited', 'down', 'brownout', 'broken-schema'),
  placeholder: 'NAME',
};

/** In the order of the help: what `run --mock` has as well. */
export const PLAY_FLAGS: FlagTable<PlayFlags> = {
  fault: repeatable(anyText('RULE'), 'inject a failure; may be given several times'),
  faults: optional(FILE, 'fault rules from a YAML or JSON file'),
  profile: optional(PROFILE, 'a set of fault rules: flaky, slow, down and others'),
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
  'shift-time': yesNo('move the times in answers to now'),
  served: optional(FILE, 'keep what was answered on this tape'),
  'control-port': optional(
    PORT,
    'change faults and read what was answered while it runs, through an API on this port',
  ),
  'on-miss': optional(
    oneOf<OnMiss>('404', 'passthrough', 'record'),
    'what becomes of a call that is not on the tape: refuse it, ask the API, or record it too',
  ),
  mode: optional(
    oneOf<ModeName>('none', 'once', 'new_episodes', 'all', 'passthrough'),
    'the same and more in the words of VCR; none is the default',
  ),
};

export const MOCK: CommandSpec<MockFlags> = {
  name: 'mock',
  summary: 'answer calls from a tape, offline, with failures injected on request',
  details: [
    'A TAPE may also be a HAR, JSON of nock, mappings of WireMock (a file, or their folder) or an OpenAPI description. ' +
      'Without a TAPE it plays --tape; what it records goes onto the first TAPE.' +
      ' A call that is not on it gets 404 unless --on-miss or --mode says more: --on-miss record is --mode new_episodes, ' +
      '--on-miss passthrough is --mode passthrough, and --upstream or --route says where the API is.',
    'A fault rule is METHOD PATH KIND[=VALUE] and when it applies: ' +
      "'POST /v1/charges status=429 retry-after=1 first=2'. METHOD may be *; in PATH * stands for characters up to the next / and /** for all below.",
    'Kinds: latency, bandwidth, timeout, reset, close, empty, truncate, malformed, garbage, slow-close, lose-reply, status, rate-limit, unauthorized, ' +
      'drop-field, null-field, retype-field, rename-field, extra-field, new-enum, empty-array, drift. When: p, first, after, every, between, for, times.',
    "A client on this machine asks for a fault in one answer with the request's field x-calltape-fault: KIND[=VALUE].",
    'A request gets the recording with the same method, path, query and body, apart from values that clients make anew (uuids, times, nonces). ' +
      '--match and --ignore change what is compared; a miss names the --ignore that would answer it. --rules takes a list such as ' +
      `[{"route": "POST /v1/charges", "match": ["-query"], "ignore": ["json:/nonce"], "lenient": true}].`,
  ],
  arguments: [{ name: 'TAPE', required: false, many: true }],
  flags: {
    port: withDefault(PORT, '4881', 'where to listen; 0 picks a free port'),
    host: withDefault(anyText('ADDRESS'), '127.0.0.1', 'the address to listen on'),
    tls: yesNo('speak HTTPS, with HTTP/2, and CONNECT; calltape ca shows what to trust'),
    workers: withDefault(WORKERS, '1', 'threads that answer, for more cores'),
    route: repeatable(ROUTE, 'play that API below this path; several times'),
    ...PLAY_FLAGS,
    'rewrite-bodies': yesNo("point the API's URLs in the text of answers at the mock"),
    upstream: optional(anyText('URL'), 'the API to ask for what is not on the tape'),
    'upstream-proxy': RECORDER_FLAGS['upstream-proxy'],
    ca: RECORDER_FLAGS.ca,
    'client-cert': RECORDER_FLAGS['client-cert'],
    'insecure-host': RECORDER_FLAGS['insecure-host'],
    recording: RECORDER_FLAGS.recording,
    'body-limit': RECORDER_FLAGS['body-limit'],
    ...REDACT_FLAGS,
    'metrics-port': RECORDER_FLAGS['metrics-port'],
  },
  examples: [
    { line: 'calltape mock calls.tape', does: 'the recorded answers, offline' },
    {
      line: 'calltape mock browser.har api.yaml wiremock/',
      does: 'files of other tools, several at once',
    },
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
    {
      line: 'calltape mock calls.tape --control-port 4882',
      does: 'change its faults while it runs: calltape faults',
    },
    {
      line: 'calltape mock calls.tape --on-miss record --upstream https://api.example.com',
      does: 'ask the API for what is not on the tape, and record it',
    },
    {
      line: 'calltape mock new.tape --mode once --upstream https://api.example.com',
      does: 'record onto a new tape, from the next start on play it alone',
    },
    {
      line: 'calltape mock calls.tape --route /stripe=https://api.stripe.com --tls',
      does: 'Stripe at https://127.0.0.1:4881/stripe',
    },
  ],
};
