import { endpointOf } from './endpoint/endpoint-of.ts';
import type { Body, Exchange, HeaderLine, InterimResponse } from './exchange.ts';
import { headerAll, toFlat, toLines } from './headers.ts';
import type { Redactor } from './redact.ts';

function redactLines(lines: readonly HeaderLine[], redactor: Redactor): readonly HeaderLine[] {
  return toLines(redactor.headers(toFlat(lines)));
}

function redactBodyOf(body: Body, headers: readonly HeaderLine[], redactor: Redactor): Body {
  const { bytes, size, omitted } = redactor.storedBody({
    bytes: body.bytes,
    size: body.size,
    type: headerAll(headers, 'content-type').join(', '),
    coding: headerAll(headers, 'content-encoding').join(', '),
  });
  if (bytes === body.bytes) return body;
  const wireSize = body.wireSize ?? body.size;
  return {
    ...body,
    bytes,
    size,
    ...(wireSize === size ? {} : { wireSize }),
    ...(omitted === null ? {} : { omitted }),
  };
}

function redactInterim(interim: InterimResponse, redactor: Redactor): InterimResponse {
  return {
    ...interim,
    statusText: redactor.text(interim.statusText),
    headers: redactLines(interim.headers, redactor),
  };
}

/** An exchange without its secrets: of a tape that was recorded with them, say, before it is exported. */
export function redactExchange(exchange: Exchange, redactor: Redactor): Exchange {
  const { request, response, error, endpoint } = exchange;
  const url = redactor.url(request.url);
  return {
    ...exchange,
    // A path may be a secret, and a template shows what does not look like an id.
    endpoint: url === request.url ? endpoint : endpointOf(request.method, url),
    request: {
      ...request,
      url,
      headers: redactLines(request.headers, redactor),
      trailers: redactLines(request.trailers, redactor),
      body: redactBodyOf(request.body, request.headers, redactor),
    },
    response:
      response === null
        ? null
        : {
            ...response,
            statusText: redactor.text(response.statusText),
            headers: redactLines(response.headers, redactor),
            trailers: redactLines(response.trailers, redactor),
            interim: response.interim.map((one) => redactInterim(one, redactor)),
            body: redactBodyOf(response.body, response.headers, redactor),
          },
    error: error === null ? null : { ...error, message: redactor.text(error.message) },
  };
}
