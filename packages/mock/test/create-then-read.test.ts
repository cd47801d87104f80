import { expect, it } from 'vitest';
import { send } from './http.ts';
import { mockOf } from './mock.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const RECORDED = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const MADE = '550e8400-e29b-41d4-a716-446655440000';

it('says what this client made when it reads it, as it would be by then', async () => {
  const fields = Object.entries(JSON_TYPE).flat();
  const note = (state: string) => `{"id":"${RECORDED}","title":"Ann","state":"${state}"}`;
  const mock = await mockOf(
    [
      {
        method: 'POST',
        url: '/notes',
        headers: fields,
        body: `{"id":"${RECORDED}","title":"Ann"}`,
        answer: note('new'),
        answerHeaders: ['Location', `/notes/${RECORDED}`, ...fields],
      },
      { url: `/notes/${RECORDED}`, answer: note('new'), answerHeaders: fields },
      { url: `/notes/${RECORDED}`, answer: note('done'), answerHeaders: fields },
    ],
    { ignore: ['json:/title', 'json:/id'] },
  );
  const body = `{"id":"${MADE}","title":"Bob"}`;
  const made = await send(mock, '/notes', { method: 'POST', headers: JSON_TYPE }, body);
  expect(made.body.toString()).toBe(`{"id":"${MADE}","title":"Bob","state":"new"}`);
  expect(made.headers.location).toBe(`/notes/${MADE}`);
  const states: string[] = [];
  for (let n = 0; n < 2; n += 1) {
    states.push((await send(mock, `/notes/${MADE}`)).body.toString());
  }
  expect(states).toEqual(
    ['new', 'done'].map((state) => `{"id":"${MADE}","title":"Bob","state":"${state}"}`),
  );
});
