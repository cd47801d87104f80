import { get } from 'node:http';
import { get as getSecurely } from 'node:https';
import axios, { isAxiosError } from 'axios';
import got, { RequestError } from 'got';
import { Agent, request } from 'undici';
import { codeOf, LIMIT_MS, type Got } from './outcome.ts';

/** Calls a URL and says what came of it; never throws. */
export type Client = (url: string) => Promise<Omit<Got, 'elapsedMs'>>;

const viaFetch: Client = async (url) => {
  let status: number | null = null;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) });
    status = response.status;
    return { status, content: await response.text(), error: null };
  } catch (error) {
    return { status, content: '', error: codeOf(error) };
  }
};

const viaHttp: Client = async (url) => {
  const { promise, resolve } = Promise.withResolvers<Omit<Got, 'elapsedMs'>>();
  let [status, content]: [number | null, string] = [null, ''];
  const fail = (error: Error) => resolve({ status, content, error: codeOf(error) });
  const options = { agent: false, signal: AbortSignal.timeout(LIMIT_MS) };
  const ask = url.startsWith('https:') ? getSecurely : get;
  const outgoing = ask(url, options, (response) => {
    status = response.statusCode ?? 0;
    response.setEncoding('utf8');
    response.on('data', (piece: string) => {
      content += piece;
    });
    response.on('error', fail);
    response.on('end', () => resolve({ status, content, error: null }));
  });
  outgoing.on('error', fail);
  return await promise;
};

const viaAxios: Client = async (url) => {
  try {
    const { status, data } = await axios.get<string>(url, {
      timeout: LIMIT_MS,
      responseType: 'text',
      proxy: false,
      transformResponse: [],
      validateStatus: () => true,
    });
    return { status, content: data, error: null };
  } catch (error) {
    const status = isAxiosError(error) ? (error.response?.status ?? null) : null;
    const code = isAxiosError(error) ? (error.code ?? error.message) : codeOf(error);
    return { status, content: '', error: code };
  }
};

const viaGot: Client = async (url) => {
  try {
    const { statusCode, body } = await got(url, {
      retry: { limit: 0 },
      timeout: { request: LIMIT_MS },
      throwHttpErrors: false,
    });
    return { status: statusCode, content: body, error: null };
  } catch (error) {
    const status = error instanceof RequestError ? (error.response?.statusCode ?? null) : null;
    return {
      status,
      content: '',
      error: error instanceof RequestError ? error.code : codeOf(error),
    };
  }
};

const viaUndici: Client = async (url) => {
  const dispatcher = new Agent({ headersTimeout: LIMIT_MS, bodyTimeout: LIMIT_MS });
  let status: number | null = null;
  try {
    const { statusCode, body } = await request(url, { dispatcher });
    status = statusCode;
    return { status, content: await body.text(), error: null };
  } catch (error) {
    return { status, content: '', error: codeOf(error) };
  } finally {
    await dispatcher.destroy();
  }
};

/** The clients of the table for plain HTTP, in the order of its columns. */
export const CLIENTS: ReadonlyMap<string, Client> = new Map([
  ['fetch', viaFetch],
  ['node:http', viaHttp],
  ['axios', viaAxios],
  ['got', viaGot],
  ['undici', viaUndici],
]);

/** The same for TLS. */
export const SECURE_CLIENTS: ReadonlyMap<string, Client> = new Map([
  ['fetch', viaFetch],
  ['node:https', viaHttp],
]);
