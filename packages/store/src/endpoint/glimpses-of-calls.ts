import { decodeBody } from '../decode.ts';
import { bodyText } from '../decode-text.ts';
import type { Exchange } from '../exchange.ts';
import type { Glimpse } from './glimpse.ts';
import type { Glimpsed } from './learn-endpoints.ts';

function glimpseOf({ id, endpoint, request, response }: Exchange): Glimpse {
  const answered = response !== null && response.body.bytes.length > 0;
  return {
    id,
    method: request.method,
    url: request.url,
    status: response?.status ?? null,
    origin: endpoint.origin,
    template: endpoint.template,
    // No two bodies are known to be the same.
    requestBody: request.body.bytes.length > 0 ? id : null,
    responseBody: answered ? id : null,
  };
}

/** Calls that are on no tape, such as those of a HAR, to be looked at as those on one. */
export function glimpsesOfCalls(exchanges: readonly Exchange[]): Glimpsed {
  const byId = new Map(exchanges.map((exchange) => [exchange.id, exchange]));
  return {
    glimpses: () => ({
      all: () => exchanges.map(glimpseOf).values(),
      text: (id, side) => {
        const message = byId.get(id)?.[side];
        if (message === undefined || message === null) return null;
        return bodyText(decodeBody(message.body, message.headers), message.headers);
      },
    }),
  };
}
