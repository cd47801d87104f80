import { optional, repeatable, withDefault, yesNo, type FlagTable } from '../flag.ts';
import { HOST_FILE, HOST_URL, PROXY_URL, type HostText } from '../host-kinds.ts';
import { REDACT_FLAGS, type RedactFlags } from '../redact-flags.ts';
import {
  anyText,
  COUNT,
  DURATION,
  FILE,
  HOST_PATTERN,
  MESSAGE_SIZE,
  oneOf,
  PORT,
  SIZE,
} from '../value-kinds.ts';

/** What every command that records takes, however the calls come in. */
export interface RecorderFlags extends RedactFlags {
  readonly port: number;
  readonly host: string;
  readonly recording: string | undefined;
  readonly map: readonly HostText[];
  readonly intercept: readonly string[];
  readonly tunnel: readonly string[];
  readonly h2: boolean;
  readonly 'upstream-proxy': string | undefined;
  readonly ca: string | undefined;
  readonly 'client-cert': readonly HostText[];
  readonly 'insecure-host': readonly string[];
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly 'body-limit': number;
  readonly 'ws-message-limit': number;
  readonly 'ws-keep': number;
  readonly 'ws-keep-size': number;
  readonly keep: number | undefined;
  readonly 'keep-size': number | undefined;
  readonly 'keep-calls': number | undefined;
  readonly durable: boolean;
  readonly 'on-overflow': 'block' | 'drop';
  readonly strict: boolean;
  readonly 'metrics-port': number | undefined;
}

/** In the order of the help: ways in, hosts, ways to upstreams, what is kept, how well it is kept. */
export const RECORDER_FLAGS: FlagTable<RecorderFlags> = {
  port: withDefault(PORT, '4880', 'where to listen; 0 picks a free port'),
  host: withDefault(anyText('ADDRESS'), '127.0.0.1', 'the address to listen on'),
  recording: optional(anyText('NAME'), 'what to call this recording on the tape'),
  map: repeatable(HOST_URL, 'take the calls to HOST to that URL; several times'),
  intercept: repeatable(HOST_PATTERN, 'of the https calls read only those to HOST; several times'),
  tunnel: repeatable(HOST_PATTERN, 'pass the https calls to HOST on unread; several times'),
  h2: yesNo('offer HTTP/2 to clients whose https calls are read'),
  'upstream-proxy': optional(
    PROXY_URL,
    'the proxy to reach upstreams through, in place of HTTPS_PROXY and its like',
  ),
  ca: optional(FILE, 'further root certificates (PEM) to trust at upstreams'),
  'client-cert': repeatable(
    HOST_FILE,
    'certificate and key to show to HOST: PEM files or one .p12; several times',
  ),
  'insecure-host': repeatable(HOST_PATTERN, 'do not check the certificate of HOST; several times'),
  only: repeatable(anyText('FILTER'), 'keep only calls that fit; several times'),
  skip: repeatable(anyText('FILTER'), 'do not keep calls that fit; several times'),
  'body-limit': withDefault(SIZE, '10mb', 'keep at most this much of each body'),
  'ws-message-limit': withDefault(
    MESSAGE_SIZE,
    '1mb',
    'keep at most this much of a WebSocket message',
  ),
  'ws-keep': withDefault(COUNT, '10000', 'keep so many messages of one WebSocket, count the rest'),
  'ws-keep-size': withDefault(SIZE, '16mb', 'keep so much of all messages of one WebSocket'),
  ...REDACT_FLAGS,
  keep: optional(DURATION, 'delete calls older than this, such as 7d'),
  'keep-size': optional(SIZE, 'delete the oldest calls when the tape grows beyond this'),
  'keep-calls': optional(COUNT, 'delete the oldest calls beyond this many'),
  durable: yesNo('show no client the end of an answer before the call is on the disk'),
  'on-overflow': withDefault(
    oneOf<'block' | 'drop'>('block', 'drop'),
    'block',
    'when the disk falls behind: slow traffic down, or drop bodies, then calls, and count them',
  ),
  strict: yesNo('refuse calls, and end with 3, once one could not be kept'),
  'metrics-port': optional(PORT, 'serve figures for Prometheus at /metrics on this port'),
};
