import type { CallDraft, DraftResponse, DraftTimings } from './draft.ts';
import { foreignRequestBody, foreignResponseBody } from './har-body-import.ts';
import { flatHeaders, httpVersion, phase, requiredText, startedAt } from './har-import-own.ts';
import type { HarNode } from './har-node.ts';

/**
 * The call of an entry that another tool wrote; null for one that is no HTTP call. What is decided
 * here, because HAR leaves it open or exporters differ:
 *
 * - `ws:` and `wss:` become `http:` and `https:`, which their handshakes are (RFC 6455 section 1.3).
 * - Pseudo-header fields are dropped; `:authority` becomes `Host` where there is none (RFC 9113
 *   section 8.3.1). Values that Chrome joined with line ends are lines of their own again.
 * - `content.text` is decoded, so `Content-Encoding` is dropped and `Content-Length` made true,
 *   unless the text is base64 of data that still has its coding.
 * - Status 0 means that there was no answer.
 * - `ssl` longer than `connect` was left out of it, and is added.
 */
export function foreignDraft(entry: HarNode): CallDraft | null {
  const request = entry.get('request').object();
  const url = callUrl(request.get('url'));
  if (url === null) return null;
  const headers = foreignHeaders(request);
  const { body, headers: requestHeaders } = foreignRequestBody(request, headers);
  const method = requiredText(request.get('method'));
  const response = foreignResponse(entry.get('response'), method);
  const timings = foreignTimings(entry.get('timings'));
  return {
    startedAt: startedAt(entry),
    method,
    url,
    httpVersion: httpVersion(request.get('httpVersion')),
    headers: requestHeaders,
    body,
    trailers: [],
    response,
    ...foreignOutcome(entry, response),
    timings,
    durationMs: phase(entry.get('time')) ?? sum(timings, [...BEFORE_ANSWER, 'receive']),
    ttfbMs: response === null || timings.wait === null ? null : sum(timings, BEFORE_ANSWER),
    peerAddress: peerAddress(entry),
    fault: null,
    retries: 0,
    slot: -1,
    repeats: null,
  };
}

const BEFORE_ANSWER = ['blocked', 'dns', 'connect', 'send', 'wait'] as const;

function sum(timings: DraftTimings, phases: readonly (keyof DraftTimings)[]): number | null {
  const applied = phases.flatMap((name) => timings[name] ?? []);
  return applied.length === 0 ? null : applied.reduce((total, ms) => total + ms, 0);
}

function callUrl(node: HarNode): string | null {
  const [url = ''] = requiredText(node).split('#', 1);
  const isHttp = /^(?:http|ws)s?:\/\//i.test(url);
  if (!isHttp && /^[a-z][a-z0-9+.-]*:/i.test(url)) return null;
  if (!isHttp || !URL.canParse(url)) return node.fail('is not an absolute URL');
  return url.replace(/^ws/i, 'http');
}

function foreignHeaders(message: HarNode): string[] {
  const flat = flatHeaders(message.get('headers'));
  const headers: string[] = [];
  let authority: string | undefined;
  let hasHost = false;
  for (let at = 0; at + 1 < flat.length; at += 2) {
    const name = flat[at] ?? '';
    const value = flat[at + 1] ?? '';
    if (name === ':authority') authority = value;
    if (name === '' || name.startsWith(':')) continue;
    hasHost ||= name.toLowerCase() === 'host';
    for (const line of value.split(/\r?\n/)) headers.push(name, line);
  }
  return authority === undefined || hasHost ? headers : ['Host', authority, ...headers];
}

function foreignResponse(response: HarNode, method: string): DraftResponse | null {
  if (response.absent) return null;
  const status = response.object().get('status').number() ?? 0;
  if (!Number.isInteger(status) || status < 100 || status > 999) return null;
  const lines = foreignHeaders(response);
  const { headers, body } = hasContent(method, status)
    ? foreignResponseBody(response, lines)
    : { headers: lines, body: { pieces: [], size: 0, hash: null } };
  return {
    status,
    statusText: response.get('statusText').text() ?? '',
    httpVersion: httpVersion(response.get('httpVersion')),
    headers,
    body,
    trailers: [],
    interim: [],
    chunks: [],
  };
}

/** RFC 9110 section 6.4.1. Browsers write the cached content beside a 304, which had none. */
function hasContent(method: string, status: number): boolean {
  return method !== 'HEAD' && status >= 200 && status !== 204 && status !== 304;
}

function foreignOutcome(
  entry: HarNode,
  response: DraftResponse | null,
): Pick<CallDraft, 'outcome' | 'errorType' | 'errorMessage'> {
  const reason = entry.get('response').get('_error').text() ?? '';
  if (response !== null && reason === '') {
    return { outcome: 'complete', errorType: null, errorMessage: null };
  }
  const gaveUp = /ERR_ABORTED|ERR_BLOCKED|BINDING_ABORTED/.test(reason);
  const whenCut = response === null ? 'error' : 'truncated';
  return {
    outcome: gaveUp ? 'aborted' : whenCut,
    errorType: /(?:\bnet::)?\b[A-Z][A-Z0-9_]{3,}\b/.exec(reason)?.[0] ?? 'NO_RESPONSE',
    errorMessage: reason === '' ? 'the HAR has no answer to this call, and no reason' : reason,
  };
}

function foreignTimings(timings: HarNode): DraftTimings {
  const read = (name: keyof DraftTimings): number | null => phase(timings.get(name));
  const ssl = read('ssl');
  const connect = read('connect');
  const apart = ssl !== null && ssl > (connect ?? 0);
  return {
    blocked: read('blocked'),
    dns: read('dns'),
    connect: apart ? (connect ?? 0) + ssl : connect,
    ssl,
    send: read('send'),
    wait: read('wait'),
    receive: read('receive'),
  };
}

/** Chrome writes IPv6 addresses in brackets, and nothing at all when it does not know. */
function peerAddress(entry: HarNode): string | null {
  const address = (entry.get('serverIPAddress').text() ?? '').replace(/^\[(.*)\]$/, '$1');
  return address === '' ? null : address;
}
