import type { Scene } from './clue.ts';
import { comparePlace } from './compare-place.ts';
import type { BodyLessons } from './body-lessons.ts';
import type { MessageLessons } from './message-lessons.ts';
import { isAnnouncement } from './quiet-fields.ts';
import type { Sightings } from './sightings.ts';

/** Finds what differs between messages of one direction and status: heads, then bodies. */
export function compareMessages(scene: Scene, before: MessageLessons, after: MessageLessons): void {
  compareEmptiness(scene, before, after);
  compareMediaTypes(scene, before, after);
  compareHeaders(scene, before, after);
  for (const [was, is] of bodyPairs(before.bodies, after.bodies)) {
    comparePlace(scene, '', was.root, is.root);
  }
}

function compareEmptiness(scene: Scene, before: MessageLessons, after: MessageLessons): void {
  if (before.empty.count > 0) return;
  scene.add({
    kind: 'body-became-empty',
    location: '',
    was: 'content',
    is: 'no content',
    before: [0, before.filled.count],
    after: [after.empty.count, after.empty.count + after.filled.count],
    examplesBefore: before.filled,
    examplesAfter: after.empty,
  });
}

function compareMediaTypes(scene: Scene, before: MessageLessons, after: MessageLessons): void {
  const fresh = [...after.mediaTypes].filter(([type]) => !before.mediaTypes.has(type));
  const [common] = fresh.toSorted(([, a], [, b]) => b.count - a.count);
  if (common === undefined) return;
  const isReplaced = [...before.mediaTypes.keys()].every((type) => !after.mediaTypes.has(type));
  scene.add({
    kind: 'content-type-changed',
    location: 'content-type',
    force: isReplaced ? 'strong' : 'weak',
    was: [...before.mediaTypes.keys()].join(', ') || 'none',
    is: [...after.mediaTypes.keys()].join(', ') || 'none',
    before: [0, before.filled.count],
    after: [common[1].count, after.filled.count],
    examplesBefore: before.filled,
    examplesAfter: common[1],
  });
}

function compareHeaders(scene: Scene, before: MessageLessons, after: MessageLessons): void {
  const [n, m] = [before.calls.count, after.calls.count];
  for (const [name, seen] of before.headers) {
    if (seen.count === n && !after.headers.has(name)) headerRemoved(scene, name, seen, after);
  }
  for (const [name, seen] of after.headers) {
    const isCertain = isAnnouncement(name);
    if (before.headers.has(name) || (seen.count < m && !isCertain)) continue;
    scene.add({
      kind: 'header-added',
      location: `header:${name}`,
      was: 'absent',
      is: seen.count === m ? 'always present' : `present in ${seen.count} of ${m}`,
      before: [0, n],
      after: [seen.count, m],
      isCertain,
      examplesBefore: before.calls,
      examplesAfter: seen,
    });
  }
}

function headerRemoved(
  scene: Scene,
  name: string,
  seen: Sightings,
  { calls }: MessageLessons,
): void {
  scene.add({
    kind: 'header-removed',
    location: `header:${name}`,
    was: 'always present',
    is: 'absent',
    before: [0, seen.count],
    after: [calls.count, calls.count],
    examplesBefore: seen,
    examplesAfter: calls,
  });
}

type Bodies = ReadonlyMap<string, BodyLessons>;

/** Bodies of the same media type; one type in the place of another is compared with that. */
function bodyPairs(before: Bodies, after: Bodies): [BodyLessons, BodyLessons][] {
  const pairs = [...before].flatMap(([type, was]): [BodyLessons, BodyLessons][] => {
    const is = after.get(type);
    return is === undefined ? [] : [[was, is]];
  });
  const [was] = before.values();
  const [is] = after.values();
  const isReplaced = before.size === 1 && after.size === 1 && pairs.length === 0;
  return isReplaced && was !== undefined && is !== undefined ? [[was, is]] : pairs;
}
