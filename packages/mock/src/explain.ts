import type { Group } from './body-index.ts';
import { contentOf } from './call.ts';
import type { Call } from './call.ts';
import type { Difference } from './difference.ts';
import type { Catalogue } from './match.ts';
import { nearestRecordings } from './nearest.ts';
import type { NearMiss } from './nearest.ts';
import { ownAnswer } from './own-answer.ts';
import type { OwnAnswer } from './own-answer.ts';
import type { Recording } from './recording.ts';
import { withoutSecrets } from './secret-places.ts';
import type { Plan } from './step.ts';

const MAX_TARGET = 500;
const NO_MATCH_STATUS = 404;
// A status alone may also come from a recording; this field never does.
const NO_MATCH_FIELD = ['x-calltape-no-match', '1'];

function shortTarget(wholeTarget: string): string {
  const target = withoutSecrets(wholeTarget);
  return target.length <= MAX_TARGET ? target : `${target.slice(0, MAX_TARGET)}...`;
}

/** What a client would have got from a recording. */
function answerOf({ exchange }: Recording): object {
  const { response, outcome, error } = exchange;
  if (response === null) return { outcome, error: error?.type ?? null };
  const { status, statusText } = response;
  return outcome === 'complete' ? { status, statusText } : { status, statusText, outcome };
}

function describeRecording(recording: Recording): object {
  const { id, request } = recording.exchange;
  return {
    tape: recording.tape,
    id,
    method: request.method,
    url: shortTarget(request.url),
    answer: answerOf(recording),
  };
}

function describeNearMiss({ recording, differs, more }: NearMiss): object {
  const rest = more === 0 ? {} : { more };
  return { ...describeRecording(recording), differs, ...rest };
}

function describeCall(call: Call): object {
  const { type } = contentOf(call);
  return {
    method: call.method,
    target: shortTarget(call.target),
    contentType: type === '' ? null : type,
    bodyBytes: call.body.length,
  };
}

function sentence(difference: Difference): string {
  const { in: where, at, recorded, received } = difference;
  const place = at === '' ? where : `${where} ${at}`;
  return `${place}: recorded ${recorded ?? 'nothing'}, received ${received ?? 'nothing'}`;
}

function noMatchMessage(call: Call, nearest: readonly NearMiss[]): string {
  const what = `No recording answers ${call.method} ${shortTarget(call.target)}.`;
  const [difference] = nearest[0]?.differs ?? [];
  if (difference === undefined) return what;
  return `${what} The nearest one differs in ${sentence(difference)}.`;
}

/** The answer to a call that no recording is for: what came, and what would have been near. */
export function explainMiss(call: Call, catalogue: Catalogue): Plan {
  const nearest = nearestRecordings(call, catalogue);
  const answer: OwnAnswer = {
    code: 'NO_MATCH',
    message: noMatchMessage(call, nearest),
    request: describeCall(call),
    nearest: nearest.map(describeNearMiss),
    help: 'Send the request as it was recorded, or record this one onto the tape too.',
  };
  return ownAnswer(NO_MATCH_STATUS, answer, NO_MATCH_FIELD);
}

/** The answer to a call whose recordings have all been played. */
export function explainUsedUp(call: Call, group: Group): Plan {
  const { recordings } = group;
  const count =
    recordings.length === 1 ? 'The one recording' : `All ${recordings.length} recordings`;
  const answer: OwnAnswer = {
    code: 'RECORDING_USED_UP',
    message: `${count} of ${call.method} ${shortTarget(call.target)} have been played, and each is played once.`,
    request: describeCall(call),
    recordings: recordings.slice(0, 3).map(describeRecording),
    help: 'Play them again with --repeat cycle, or stay at the last one with --repeat last.',
  };
  return ownAnswer(NO_MATCH_STATUS, answer, NO_MATCH_FIELD);
}
