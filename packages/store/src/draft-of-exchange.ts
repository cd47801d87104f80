import type { CallDraft, DraftBody } from './draft.ts';
import { endpointOf } from './endpoint/endpoint-of.ts';
import type { Body, Exchange } from './exchange.ts';
import type { HarCall } from './har-messages-import.ts';
import { toFlat } from './headers.ts';
import type { DraftMessage, Message, MessageDirection } from './message.ts';

/** A call of a tape, with the messages of the WebSocket that it became, as a writer takes them. */
export function draftOfExchange(exchange: Exchange, messages: readonly Message[]): HarCall {
  const draft = draftOf(exchange);
  const { websocket } = exchange;
  if (websocket === undefined) return draft;
  const left = (direction: MessageDirection, all: number, bytes: number): DraftMessage[] => {
    const kept = messages.filter((one) => one.direction === direction);
    const size = bytes - kept.reduce((sum, { wireSize }) => sum + wireSize, 0);
    return all > kept.length ? [droppedMessages(direction, all - kept.length, size)] : [];
  };
  return {
    ...draft,
    messages: [
      ...messages.map((message) => draftMessage(message)),
      ...left('sent', websocket.sent, websocket.sentBytes),
      ...left('received', websocket.received, websocket.receivedBytes),
    ],
  };
}

const UNLIMITED = {
  inflate: false,
  limit: Number.MAX_SAFE_INTEGER,
  budget: Number.MAX_SAFE_INTEGER,
} as const;

function draftMessage(message: Message): DraftMessage {
  const { direction, kind, atMs, size, wireSize, bytes, deflated, problem } = message;
  const rest = { direction, kind, atMs, size, wireSize, deflated, problem };
  return { ...UNLIMITED, ...rest, pieces: [bytes], dropped: 0 };
}

/** Stands for messages that were counted and not kept. */
function droppedMessages(
  direction: MessageDirection,
  dropped: number,
  bytes: number,
): DraftMessage {
  const size = Math.max(0, bytes);
  const nothing = { atMs: 0, size, wireSize: size, deflated: false, problem: null };
  return { ...UNLIMITED, ...nothing, direction, kind: 'other', pieces: [], dropped };
}

function draftOf(exchange: Exchange): CallDraft {
  const { request, response, error } = exchange;
  return {
    startedAt: exchange.startedAt,
    slot: -1,
    repeats: null,
    method: request.method,
    url: request.url,
    ...knownTemplate(exchange),
    httpVersion: request.httpVersion,
    headers: toFlat(request.headers),
    body: draftBody(request.body),
    trailers: toFlat(request.trailers),
    response:
      response === null
        ? null
        : {
            status: response.status,
            statusText: response.statusText,
            httpVersion: response.httpVersion,
            headers: toFlat(response.headers),
            body: draftBody(response.body),
            trailers: toFlat(response.trailers),
            interim: response.interim.map((one) => ({ ...one, headers: toFlat(one.headers) })),
            chunks: response.chunks.flatMap(({ atMs, size }) => [atMs, size]),
          },
    outcome: exchange.outcome,
    errorType: error?.type ?? null,
    errorMessage: error?.message ?? null,
    timings: { ...exchange.timings },
    durationMs: exchange.durationMs,
    ttfbMs: exchange.ttfbMs,
    peerAddress: exchange.peerAddress,
    fault: exchange.fault,
    retries: exchange.retries,
  };
}

/** The template, where the look of the URL gives another. */
function knownTemplate({ endpoint, request }: Exchange): Pick<CallDraft, 'template'> {
  const { template } = endpoint;
  return endpointOf(request.method, request.url).template === template ? {} : { template };
}

function draftBody({ bytes, size }: Body): DraftBody {
  return { pieces: bytes.length === 0 ? [] : [bytes], size, hash: null };
}
