import { STATUS_CODES } from './node-http.ts';
import type { HeadStep, Plan } from './step.ts';

/** Why the mock answers in its own words. `code` stays the same from version to version. */
export type OwnCode =
  | 'NO_MATCH'
  | 'RECORDING_USED_UP'
  | 'RECORDING_CUT'
  | 'RECORDING_UNSENDABLE'
  | 'REQUEST_TOO_LARGE'
  | 'REQUEST_INVALID'
  | 'CONNECT_UNSUPPORTED'
  | 'ANSWER_TOO_LARGE'
  | 'NOCK_CANNOT_SHOW'
  | 'FAULT'
  | 'FAULT_INVALID'
  | 'MOCK_FAILED';

/** What an answer that is the mock's own says, as the member `error` of its JSON content. */
export interface OwnAnswer {
  readonly code: OwnCode;
  readonly message: string;
  readonly [detail: string]: unknown;
}

function contentOf(answer: OwnAnswer): Buffer {
  return Buffer.from(`${JSON.stringify({ error: answer }, undefined, 2)}\n`);
}

/** A recording may have any status and content, but not the last of these. */
function fieldsOf(answer: OwnAnswer, content: Buffer): string[] {
  return [
    'content-type',
    'application/json',
    'content-length',
    String(content.length),
    'x-calltape-error',
    answer.code,
  ];
}

/** Head and content of an answer that is the mock's own. */
export function ownAnswer(
  status: number,
  answer: OwnAnswer,
  extraFields: readonly string[] = [],
): Plan {
  const bytes = contentOf(answer);
  const head: HeadStep = {
    kind: 'head',
    status,
    statusText: STATUS_CODES[status] ?? '',
    headers: [...fieldsOf(answer, bytes), ...extraFields],
    framing: 'length',
  };
  return [head, { kind: 'chunk', bytes }, { kind: 'end', trailers: [] }];
}

/** The same as bytes, for sockets that no HTTP server writes to. The connection ends after it. */
export function ownAnswerBytes(status: number, answer: OwnAnswer): Buffer {
  const content = contentOf(answer);
  const fields = [...fieldsOf(answer, content), 'connection', 'close'];
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`;
  for (let at = 0; at < fields.length; at += 2) head += `${fields[at]}: ${fields[at + 1]}\r\n`;
  return Buffer.concat([Buffer.from(`${head}\r\n`), content]);
}
