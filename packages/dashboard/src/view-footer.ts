import { type FilterWords, filterWords } from './filter-text.ts';
import { BINDINGS, type Binding } from './keys.ts';
import { gap, type Line, span, spread, widthOf } from './line.ts';
import { profileWords } from './profile-words.ts';
import { safe, type Safe, show, slice } from './safe.ts';
import type { Scene } from './scene.ts';
import { current } from './state.ts';
import type { Prompt } from './prompt.ts';
import { cellWidth, wrap } from './cells.ts';

function hintOf({ action, hint }: Binding, { state }: Scene): Safe {
  if (action === 'back' && state.visits.length > 1) return safe`back`;
  if (action === 'pause' && state.paused) return safe`go on`;
  return hint ?? safe``;
}

/** Faults are told of where the user begins, and where there is a mock to have some. */
function isWorthIt({ action }: Binding, { picture, state }: Scene): boolean {
  if (action !== 'faults') return true;
  const isFirst = current(state).place.name === 'overview';
  return isFirst && picture.live.some(({ source }) => source === 'mock');
}

/** The keys that matter here, as many as there is room for. */
function hintLine(scene: Scene, width: number): Line {
  const { name } = current(scene.state).place;
  const hints = BINDINGS.filter(
    (one) =>
      one.hint !== undefined &&
      one.screens.includes(name) &&
      one.action !== name &&
      isWorthIt(one, scene),
  );
  const line: Line[] = [];
  let room = width;
  for (const binding of hints) {
    const label = binding.action === 'open' ? scene.glyphs.enter : binding.label;
    const piece = [gap(1), span(label, 'key'), span(safe` ${hintOf(binding, scene)} `)];
    room -= widthOf(piece);
    if (room < 0) break;
    line.push(piece);
  }
  return line.flat();
}

/** The end of a text that the cursor is in, when all of it is too long. */
function promptText({ text, cursor }: Prompt, width: number): Line {
  const before = show(text.slice(0, cursor));
  const under = Array.from(text.slice(cursor))[0];
  const after = show(text.slice(cursor + (under?.length ?? 0)));
  let visible = before;
  while (cellWidth(visible) > width - 2)
    visible = slice(visible, Array.from(visible)[0]?.length ?? 1);
  return [
    span(visible),
    span(under === undefined ? safe` ` : show(under), 'selected'),
    span(after),
  ];
}

/** What is meant by what is being typed, or what could be. */
function promptWords({ text }: Prompt, { state, mock }: Scene): FilterWords {
  if (state.promptFor === 'filter') return filterWords(text);
  if (state.promptFor === 'profile') return profileWords(text, mock.profiles);
  const words = safe`a new rule: METHOD PATH KIND[=VALUE], such as POST /v1/** status=503 p=0.5`;
  return { isValid: true, words };
}

function promptLines(prompt: Prompt, scene: Scene): Line[] {
  const { columns } = scene;
  const { isValid, words } = promptWords(prompt, scene);
  return [
    ...wrap(words, columns - 2).map((piece) => [
      span(safe` ${piece}`, isValid ? 'plain' : 'clientError'),
    ]),
    [
      span(scene.state.promptFor === 'filter' ? safe` / ` : safe` > `, 'key'),
      ...promptText(prompt, columns - 4),
    ],
  ];
}

/** What can be pressed, or what is being typed. */
export function footerLines(scene: Scene): Line[] {
  const { prompt } = scene.state;
  if (prompt !== null) return promptLines(prompt, scene);
  const { place } = current(scene.state);
  const isFollowing = place.name === 'calls' && place.follow && !scene.state.paused;
  const right = isFollowing ? [span(safe` following `, 'live')] : [];
  const hints = hintLine(scene, scene.columns - widthOf(right));
  return [spread(hints, right, scene.columns)];
}
