import type { TextEdit } from '@calltape/store';
import type { Random } from '../random.ts';
import type { Habits } from './habits.ts';
import type { JsonPlace } from './json-place.ts';

/** What a change is made by. */
export interface Scene {
  /** The whole content. */
  readonly text: string;
  readonly learned: Habits;
  readonly random: Random;
}

/** One way in which an API may change its answers. */
export interface Change {
  /** The kind of fault that makes it. */
  readonly name: string;
  readonly usage: string;
  /** What may follow the pointer, behind a colon; null where nothing may. */
  readonly argument: ((text: string) => boolean) | null;
  /** Is it likely to happen here? Asked where the user names no place. */
  readonly isPlausible: (place: JsonPlace, scene: Scene) => boolean;
  /** The change at a place; undefined where it is none. */
  readonly edit: (
    place: JsonPlace,
    scene: Scene,
    argument: string | undefined,
  ) => TextEdit | undefined;
}

/** The text of a place's value as it is written. */
export function written({ child }: JsonPlace, { text }: Scene): string {
  return text.slice(child.value.start, child.value.end);
}

/** Puts another text in the place of a value. */
export function instead({ child }: JsonPlace, text: string): TextEdit {
  return { from: child.value.start, to: child.value.end, text };
}

export function isMember({ parent }: JsonPlace): boolean {
  return parent.kind === 'object';
}

export function isLeaf({ child }: JsonPlace): boolean {
  return child.value.kind !== 'object' && child.value.kind !== 'array';
}

/** One of some items; undefined of none. */
export function pick<T>(items: readonly T[], random: Random): T | undefined {
  return items[Math.floor(random() * items.length)];
}
