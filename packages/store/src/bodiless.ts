import type { CallDraft, DraftBody } from './draft.ts';

function without(body: DraftBody): DraftBody {
  return body.size === 0 ? body : { pieces: [], size: body.size, hash: null, dropped: true };
}

/** The same call with its bodies given up: their true sizes stay, their bytes go. */
export function withoutBodies(draft: CallDraft): CallDraft {
  const { body, response } = draft;
  return {
    ...draft,
    repeats: null,
    body: without(body),
    response: response === null ? null : { ...response, body: without(response.body) },
  };
}

/** Which bodies of a call were given up, as the tape keeps it: 1 the request's, 2 the answer's, 3 both. */
export function droppedOf({ body, response }: CallDraft): number {
  return (body.dropped === true ? 1 : 0) + (response?.body.dropped === true ? 2 : 0);
}

/** How many bodies that are. */
export function countDropped(dropped: number): number {
  return (dropped & 1) + (dropped >> 1);
}
