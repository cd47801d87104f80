import { padEnd } from './cells.ts';
import type { Glyphs } from './glyphs.ts';
import { BINDINGS } from './keys.ts';
import { type Line, span } from './line.ts';
import { safe, type Safe } from './safe.ts';
import { type Drawn, fill, type Scene } from './scene.ts';
import { current, type ScreenName } from './state.ts';

const KEY_WIDTH = 10;

function keyLines(screen: ScreenName): Line[] {
  return BINDINGS.filter(({ screens }) => screens.includes(screen)).map(({ label, help }) => [
    span(safe`   `),
    span(padEnd(label, KEY_WIDTH), 'key'),
    span(help),
  ]);
}

function signs(glyphs: Glyphs): readonly (readonly [Safe, Safe])[] {
  return [
    [glyphs.ok, safe`2xx`],
    [glyphs.redirect, safe`3xx`],
    [glyphs.clientError, safe`4xx and 429: not counted as an error`],
    [glyphs.error, safe`5xx, no answer or a part of one: an error`],
    [glyphs.aborted, safe`the client left first`],
    [glyphs.pending, safe`under way`],
    [glyphs.fault, safe`a fault rule altered the answer`],
    [glyphs.mock, safe`answered by a mock`],
    [safe`~`, safe`too few calls: p95 needs 20, p99 needs 100`],
  ];
}

const FIGURES: readonly Safe[] = [
  safe`Durations are in ms unless they end in s, m or h. They`,
  safe`are of live calls with a whole answer: a mock or a fault`,
  safe`does not move them. An endpoint without live calls shows`,
  safe`its mocked or altered ones, and bears their sign.`,
  safe`The window is the time up to now while something`,
  safe`records, else the whole tape.`,
];

function helpLines(screen: ScreenName, glyphs: Glyphs): Line[] {
  return [
    [span(safe` KEYS`, 'title')],
    ...keyLines(screen),
    [],
    [span(safe` SIGNS`, 'title')],
    ...signs(glyphs).map(([sign, meaning]) => [
      span(safe`   ${padEnd(sign, KEY_WIDTH)}`),
      span(meaning),
    ]),
    [],
    [span(safe` FIGURES`, 'title')],
    ...FIGURES.map((text) => [span(safe`   ${text}`)]),
  ];
}

/** The keys of the screen that help was asked on, and what the signs mean. */
export function helpView(scene: Scene, height: number): Drawn {
  const { place } = current(scene.state);
  const asked = scene.state.visits.at(-2)?.place.name ?? 'overview';
  const lines = helpLines(asked, scene.glyphs);
  const scroll = place.name === 'help' ? place.scroll : 0;
  const top = Math.max(0, Math.min(scroll, lines.length - height));
  return { lines: fill(lines.slice(top), height), page: height, length: lines.length };
}
