import { newDraft } from '@calltape/store';
import type { CallDraft } from '@calltape/store';

/** As little of a call as there is to say. */
export interface Told {
  readonly method?: string;
  readonly url: string;
  readonly headers?: readonly string[];
  readonly body?: string;
  readonly answerHeaders?: readonly string[];
  readonly answer?: string | Uint8Array;
}

export const FORM: string = 'application/x-www-form-urlencoded';
export const JSON_TYPE: string = 'application/json';

/** The call as a recorder hands it to the writer. */
export function draftOf(told: Told): CallDraft {
  const draft = newDraft(told.method ?? (told.body === undefined ? 'GET' : 'POST'), told.url);
  const request = Buffer.from(told.body ?? '');
  draft.headers = told.headers ?? [];
  draft.body = { pieces: request.length === 0 ? [] : [request], size: request.length, hash: null };
  const answer = Buffer.from(told.answer ?? '{}');
  draft.response = {
    status: 200,
    statusText: 'OK',
    httpVersion: '1.1',
    headers: told.answerHeaders ?? ['Content-Type', JSON_TYPE],
    body: { pieces: [answer], size: answer.length, hash: null },
    trailers: [],
    interim: [],
    chunks: [],
  };
  draft.outcome = 'complete';
  draft.durationMs = 3;
  return draft;
}

export const base64 = (text: string): string => Buffer.from(text).toString('base64');
export const basic = (user: string, password: string): string[] => [
  'Authorization',
  `Basic ${base64(`${user}:${password}`)}`,
];
export const bearer = (token: string): string[] => ['Authorization', `Bearer ${token}`];
export const typed = (type: string, headers: readonly string[] = []): string[] => [
  'Content-Type',
  type,
  ...headers,
];
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
export const jwt = (subject: string): string =>
  `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ sub: subject, exp: 1_900_000_000 })}.${'Zm9vYmFy'.repeat(6)}`;

/** System, secrets, call. */
export type SecretEntry = readonly [system: string, secrets: readonly string[], told: Told];
