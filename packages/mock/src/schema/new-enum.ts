import { instead, pick, written } from './change.ts';
import type { Change, Scene } from './change.ts';
import type { JsonPlace } from './json-place.ts';
import { joined, styleOf } from './word-style.ts';
import type { WordStyle } from './word-style.ts';

const WORDS: readonly (readonly string[])[] = [
  ['under', 'review'],
  ['on', 'hold'],
  ['partially', 'done'],
  ['not', 'applicable'],
  ['in', 'migration'],
];
const LONGEST = 32;

function valueOf(place: JsonPlace, scene: Scene): string | undefined {
  if (place.child.value.kind !== 'string') return undefined;
  return String(JSON.parse(written(place, scene)));
}

function isWord(text: string): boolean {
  return text.length <= LONGEST && styleOf(text) !== null && !/\d/.test(text);
}

/** The texts that recordings have there, with the one in hand. */
function knownTexts(place: JsonPlace, scene: Scene): Set<string> {
  const own = valueOf(place, scene);
  const texts = new Set(scene.learned.habitOf(place.pattern)?.texts);
  return own === undefined ? texts : texts.add(own);
}

/** How the others join their words; words that stand alone show no more than their case. */
function styleAmong(texts: Iterable<string>): WordStyle {
  const styles = [...texts].map(styleOf);
  return styles.find((style) => style !== null && style !== 'lower') ?? 'snake';
}

function newValue(place: JsonPlace, scene: Scene): string | undefined {
  const texts = knownTexts(place, scene);
  const style = styleAmong(texts);
  const fresh = WORDS.map((words) => joined(words, style)).filter((word) => !texts.has(word));
  return pick(fresh, scene.random);
}

/** A choice of words is one that is made of few different ones, all of them words. */
function isChoice(place: JsonPlace, scene: Scene): boolean {
  const own = valueOf(place, scene);
  if (own === undefined || !isWord(own)) return false;
  const habit = scene.learned.habitOf(place.pattern);
  if (habit === undefined) return true;
  const few = habit.texts.size <= 3 || habit.texts.size <= habit.textual / 3;
  return few && [...habit.texts].every(isWord);
}

/** A text that is one of a few has a value that was never there, spelt as the others are. */
export const newEnum: Change = {
  name: 'new-enum',
  usage: 'new-enum, new-enum=/status or new-enum=/status:archived',
  argument: (value) => value !== '',
  isPlausible: isChoice,
  edit(place, scene, argument) {
    if (place.child.value.kind !== 'string') return undefined;
    const value = argument ?? newValue(place, scene);
    if (value === undefined || value === valueOf(place, scene)) return undefined;
    return instead(place, JSON.stringify(value));
  },
};
