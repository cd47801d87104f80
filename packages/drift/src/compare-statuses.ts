import { Scene } from './clue.ts';
import type { EndpointLessons } from './endpoint-lessons.ts';
import { Sightings } from './sightings.ts';

type Wanted = (status: number) => boolean;

const isSuccess: Wanted = (status) => status >= 200 && status < 300;
const isGone: Wanted = (status) => status === 404 || status === 410;

/** Finds statuses that came and went, and endpoints that are no more. */
export function compareStatuses(
  scene: Scene,
  before: EndpointLessons,
  after: EndpointLessons,
): void {
  if (endpointRemoved(scene, before, after)) return;
  for (const [status, { calls }] of before.responses) {
    if (isSuccess(status) && !after.responses.has(status)) {
      successRemoved(scene, status, calls, before, after);
    }
  }
  for (const [status, { calls }] of after.responses) {
    if (!before.responses.has(status) && status < 500) {
      statusAdded(scene, status, calls, before, after);
    }
  }
}

/** Once it was there, and now every answer says that it is not. */
function endpointRemoved(scene: Scene, before: EndpointLessons, after: EndpointLessons): boolean {
  const gone = seenOf(after, isGone);
  if (gone.count < after.calls.count || seenOf(before, isSuccess).count === 0) return false;
  scene.add({
    kind: 'endpoint-removed',
    location: '',
    was: statusList(before),
    is: statusList(after),
    before: [seenOf(before, isGone).count, before.calls.count],
    after: [gone.count, gone.count],
    examplesBefore: seenOf(before, isSuccess),
    examplesAfter: gone,
  });
  return true;
}

/** Among answers that went well: that none does is no news of one status. */
function successRemoved(
  scene: Scene,
  status: number,
  seen: Sightings,
  before: EndpointLessons,
  after: EndpointLessons,
): void {
  const n = seenOf(before, isSuccess).count;
  const now = seenOf(after, isSuccess);
  scene.add({
    kind: 'status-removed',
    location: `status:${status}`,
    was: statusList(before),
    is: statusList(after),
    before: [n - seen.count, n],
    after: [now.count, now.count],
    examplesBefore: seen,
    examplesAfter: now,
  });
}

function statusAdded(
  scene: Scene,
  status: number,
  seen: Sightings,
  before: EndpointLessons,
  after: EndpointLessons,
): void {
  scene.add({
    kind: 'status-added',
    location: `status:${status}`,
    force: isSuccess(status) && isReplaced(before, after) ? 'strong' : 'weak',
    was: statusList(before),
    is: statusList(after),
    before: [0, before.calls.count],
    after: [seen.count, after.calls.count],
    examplesBefore: before.calls,
    examplesAfter: seen,
  });
}

/** Has a status of success gone, so that another has come in its place? */
function isReplaced(before: EndpointLessons, after: EndpointLessons): boolean {
  const successes = [...before.responses.keys()].filter(isSuccess);
  return successes.some((status) => !after.responses.has(status));
}

function seenOf({ responses }: EndpointLessons, isWanted: Wanted): Sightings {
  const all = new Sightings();
  for (const [status, { calls }] of responses) {
    if (isWanted(status)) all.merge(calls);
  }
  return all;
}

function statusList({ responses }: EndpointLessons): string {
  return [...responses.keys()].toSorted((a, b) => a - b).join(', ');
}
