import { contentOf } from './call.ts';
import type { Call } from './call.ts';
import type { NearPattern } from './described.ts';
import type { Difference } from './difference.ts';
import { fixFlags } from './fix-flags.ts';
import type { Group } from './group.ts';
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
export type WouldBe =
  | { readonly status: number; readonly statusText: string; readonly outcome?: string }
  | { readonly outcome: string; readonly error: string | null };

/** A recording as explanations name it. */
export interface RecordingNote {
  /** The tape's file. */
  readonly tape: string;
  readonly id: number;
  readonly method: string;
  /** Secrets left out, shortened. */
  readonly url: string;
  readonly answer: WouldBe;
}

/** A recording that was near, and why it did not answer. */
export interface NearMissNote extends RecordingNote {
  /** The first few differences; values are shortened, and secrets left out. */
  readonly differs: readonly Omit<Difference, 'fix'>[];
  /** How many more there are, as far as they were counted. */
  readonly more?: number;
  /** The flags of `calltape mock` with which it would answer; null where there are none. */
  readonly fix: string | null;
}

/** A mapping of WireMock or an operation of OpenAPI that was near, and why it did not answer. */
export interface NearPatternNote {
  /** The file. */
  readonly source: string;
  readonly name: string;
  readonly method: string;
  readonly url: string;
  readonly differs: readonly string[];
}

/** Why a call got no recorded answer. */
export interface Miss {
  readonly code: 'NO_MATCH' | 'RECORDING_USED_UP';
  readonly message: string;
  readonly method: string;
  /** Path and query; secrets left out, shortened. */
  readonly target: string;
  /** At most three, the nearest first; none where the recordings are used up. */
  readonly nearest: readonly NearMissNote[];
  /** The same of what was described, not recorded. */
  readonly nearestPatterns?: readonly NearPatternNote[];
}

/** A miss, and what its client gets. */
export interface Explained {
  readonly miss: Miss;
  readonly plan: Plan;
}

function answerOf({ exchange }: Recording): WouldBe {
  const { response, outcome, error } = exchange;
  if (response === null) return { outcome, error: error?.type ?? null };
  const { status, statusText } = response;
  return outcome === 'complete' ? { status, statusText } : { status, statusText, outcome };
}

function describeRecording(recording: Recording): RecordingNote {
  const { id, request } = recording.exchange;
  return {
    tape: recording.tape,
    id,
    method: request.method,
    url: shortTarget(request.url),
    answer: answerOf(recording),
  };
}

function describeNearMiss({ recording, differs, more }: NearMiss): NearMissNote {
  const rest = more === 0 ? {} : { more };
  const shown = differs.map(({ fix: _fix, ...difference }) => difference);
  return {
    ...describeRecording(recording),
    differs: shown,
    ...rest,
    fix: fixFlags(differs, more),
  };
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

function describePattern({ pattern, differs }: NearPattern): NearPatternNote {
  const { source, name, method, url } = pattern;
  return { source, name, method, url, differs };
}

function patternSentence({ name, source, differs }: NearPatternNote): string {
  return ` The nearest pattern is "${name}" of ${source}: ${differs.join(', ')}.`;
}

function noMatchMessage(
  call: Call,
  nearest: readonly NearMiss[],
  [pattern]: readonly NearPatternNote[],
): string {
  const what = `No recording answers ${call.method} ${shortTarget(call.target)}.`;
  const [difference] = nearest[0]?.differs ?? [];
  if (difference === undefined)
    return pattern === undefined ? what : what + patternSentence(pattern);
  return `${what} The nearest one differs in ${sentence(difference)}.`;
}

function helpFor([nearest]: readonly NearMissNote[]): string {
  const usual = 'Send the request as it was recorded, or record this one onto the tape too.';
  const fix = nearest?.fix ?? null;
  return fix === null ? usual : `${usual} To have the nearest one for it, add ${fix}`;
}

/** The answer to a call that no recording is for: what came, and what would have been near. */
export function explainMiss(
  call: Call,
  catalogue: Catalogue,
  patterns: readonly NearPattern[],
): Explained {
  const found = nearestRecordings(call, catalogue);
  const nearest = found.map(describeNearMiss);
  const described = patterns.map(describePattern);
  const nearestPatterns = described.length === 0 ? {} : { nearestPatterns: described };
  const message = noMatchMessage(call, found, described);
  const answer: OwnAnswer = {
    code: 'NO_MATCH',
    message,
    request: describeCall(call),
    nearest,
    ...nearestPatterns,
    help: helpFor(nearest),
  };
  return explained(call, { code: 'NO_MATCH', message, nearest, ...nearestPatterns }, answer);
}

/** The answer to a call whose recordings have all been played. */
export function explainUsedUp(call: Call, { sequence }: Group): Explained {
  const count = sequence.length === 1 ? 'The one recording' : `All ${sequence.length} recordings`;
  const message = `${count} of ${call.method} ${shortTarget(call.target)} have been played, and each is played once.`;
  const answer: OwnAnswer = {
    code: 'RECORDING_USED_UP',
    message,
    request: describeCall(call),
    recordings: sequence.slice(0, 3).map(describeRecording),
    help: 'Play them again with --repeat cycle, or stay at the last one with --repeat last.',
  };
  return explained(call, { code: 'RECORDING_USED_UP', message, nearest: [] }, answer);
}

function explained(
  call: Call,
  miss: Omit<Miss, 'method' | 'target'>,
  answer: OwnAnswer,
): Explained {
  return {
    miss: { ...miss, method: call.method, target: shortTarget(call.target) },
    plan: ownAnswer(NO_MATCH_STATUS, answer, NO_MATCH_FIELD),
  };
}
