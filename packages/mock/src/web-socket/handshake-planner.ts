import type { EndpointLatency } from '../endpoint-latency.ts';
import { ownAnswer } from '../own-answer.ts';
import { paceOf } from '../pace.ts';
import type { Planning } from '../player.ts';
import type { Recording } from '../recording.ts';
import type { Plan } from '../step.ts';
import { messagesOf } from './recorded-messages.ts';
import { unplayable } from './script.ts';

/**
 * Makes the plan of a recorded WebSocket's handshake. Its fields are those of the recording: what
 * depends on the client's handshake takes its place when the handshake is answered.
 */
export class HandshakePlanner implements Planning {
  readonly #latency: EndpointLatency;

  constructor(latency: EndpointLatency) {
    this.#latency = latency;
  }

  planFor(recording: Recording): Plan {
    const { id, request, response, ttfbMs } = recording.exchange;
    const problem = unplayable(messagesOf(recording));
    if (problem !== null) {
      return ownAnswer(500, {
        code: 'RECORDING_CUT',
        message: problem,
        recording: { id, method: request.method, url: request.url },
      });
    }
    return [
      ...paceOf(this.#latency.paceOf(recording))(ttfbMs),
      {
        kind: 'head',
        status: 101,
        statusText: response?.statusText ?? '',
        headers: response?.headers.flat() ?? [],
        framing: 'none',
      },
    ];
  }

  asRecorded(): undefined {
    return undefined;
  }
}
