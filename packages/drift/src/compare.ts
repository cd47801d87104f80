import { Scene } from './clue.ts';
import { compareMessages } from './compare-message.ts';
import { compareStatuses } from './compare-statuses.ts';
import type { Drift } from './drift.ts';
import type { EndpointLessons } from './endpoint-lessons.ts';
import { type Clues, type CompareOptions, judge, type Judged } from './judge.ts';
import type { Lessons } from './lessons.ts';
import { pairEndpoints } from './pair-endpoints.ts';

/** Everything in which the later calls differ from the earlier by more than chance. */
export function compare(before: Lessons, after: Lessons, options: CompareOptions = {}): Drift[] {
  return compareAll(before, after, options).drifts;
}

/** As `compare`, with what may as well be chance beside it. */
export function compareAll(before: Lessons, after: Lessons, options: CompareOptions = {}): Judged {
  const judged: Judged = { drifts: [], notes: [] };
  const { pairs, added } = pairEndpoints(before.endpoints(), after.endpoints());
  const { only = () => true } = options;
  for (const [was, is] of pairs) {
    if (only(is.endpoint)) take(judged, judge(is.endpoint, cluesOf(was, is), options));
  }
  for (const lessons of added) {
    if (!only(lessons.endpoint)) continue;
    take(judged, judge(lessons.endpoint, endpointAdded(lessons, before, after), options));
  }
  return judged;
}

function take(all: Judged, { drifts, notes }: Judged): void {
  all.drifts.push(...drifts);
  all.notes.push(...notes);
}

function cluesOf(before: EndpointLessons, after: EndpointLessons): Clues {
  const whole = new Scene('response', null);
  compareStatuses(whole, before, after);
  const requests = new Scene('request', null);
  compareMessages(requests, before.requests, after.requests);
  const answers = [...before.responses].flatMap(([status, was]) => {
    const is = after.responses.get(status);
    const scene = new Scene('response', status);
    if (is !== undefined) compareMessages(scene, was, is);
    return [scene];
  });
  const scenes = [whole, requests, ...answers];
  return {
    clues: scenes.flatMap(({ clues }) => clues),
    places: scenes.reduce((sum, { places }) => sum + places.size, 0),
  };
}

/** Calls of an endpoint that nobody called before, though others were. */
function endpointAdded(
  { calls, responses }: EndpointLessons,
  before: Lessons,
  after: Lessons,
): Clues {
  const scene = new Scene('response', null);
  const isThere = [...responses.keys()].some((status) => status < 400);
  if (isThere) {
    scene.add({
      kind: 'endpoint-added',
      location: '',
      was: 'never called',
      is: `called ${calls.count} times`,
      before: [0, callsOf(before)],
      after: [calls.count, callsOf(after)],
      isCertain: calls.count > 1,
      examplesBefore: undefined,
      examplesAfter: calls,
    });
  }
  return { clues: scene.clues, places: 1 };
}

function callsOf(lessons: Lessons): number {
  return lessons.endpoints().reduce((sum, { calls }) => sum + calls.count, 0);
}
