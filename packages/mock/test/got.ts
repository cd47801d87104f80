import type { Mock } from '@calltape/mock';
import { send } from './http.ts';

/** The content of an answer, or `no match`. */
export async function got(
  mock: Mock,
  method: string,
  path: string,
  body?: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<string> {
  const answer = await send(mock, path, { method, headers }, body);
  return answer.headers['x-calltape-no-match'] === '1' ? 'no match' : answer.body.toString();
}
