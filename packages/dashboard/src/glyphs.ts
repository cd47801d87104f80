import { safe, type Safe } from './safe.ts';

/** Every sign that the dashboard draws, each one cell wide. */
export interface Glyphs {
  readonly ok: Safe;
  readonly redirect: Safe;
  readonly clientError: Safe;
  readonly error: Safe;
  readonly aborted: Safe;
  readonly pending: Safe;
  readonly live: Safe;
  readonly mock: Safe;
  readonly fault: Safe;
  readonly selected: Safe;
  readonly paused: Safe;
  readonly more: Safe;
  readonly none: Safe;
  readonly dot: Safe;
  readonly descending: Safe;
  readonly enter: Safe;
  /** Lowest to highest; nothing at all is a space, which is not the lowest. */
  readonly levels: readonly Safe[];
  /** A call's way through time: waiting for the answer, its body, still under way. */
  readonly waiting: Safe;
  readonly receiving: Safe;
  readonly ongoing: Safe;
  readonly box: Box;
}

/** Lines and corners. */
export interface Box {
  readonly across: Safe;
  readonly down: Safe;
  readonly topLeft: Safe;
  readonly topRight: Safe;
  readonly bottomLeft: Safe;
  readonly bottomRight: Safe;
  readonly topTee: Safe;
  readonly bottomTee: Safe;
}

export const BLOCK: Glyphs = {
  ok: safe`✓`,
  redirect: safe`→`,
  clientError: safe`!`,
  error: safe`✗`,
  aborted: safe`⊘`,
  pending: safe`…`,
  live: safe`●`,
  mock: safe`▷`,
  fault: safe`↯`,
  selected: safe`▸`,
  paused: safe`‖`,
  more: safe`…`,
  none: safe`–`,
  dot: safe`·`,
  descending: safe`▼`,
  enter: safe`⏎`,
  levels: [safe`▁`, safe`▂`, safe`▃`, safe`▄`, safe`▅`, safe`▆`, safe`▇`, safe`█`],
  waiting: safe`▒`,
  receiving: safe`█`,
  ongoing: safe`▸`,
  box: {
    across: safe`─`,
    down: safe`│`,
    topLeft: safe`┌`,
    topRight: safe`┐`,
    bottomLeft: safe`└`,
    bottomRight: safe`┘`,
    topTee: safe`┬`,
    bottomTee: safe`┴`,
  },
};

export const ASCII: Glyphs = {
  ok: safe`+`,
  redirect: safe`>`,
  clientError: safe`!`,
  error: safe`x`,
  aborted: safe`-`,
  pending: safe`.`,
  live: safe`*`,
  mock: safe`>`,
  fault: safe`#`,
  selected: safe`>`,
  paused: safe`=`,
  more: safe`~`,
  none: safe`-`,
  dot: safe`-`,
  descending: safe`v`,
  enter: safe`Enter`,
  levels: [safe`_`, safe`.`, safe`:`, safe`-`, safe`=`, safe`+`, safe`*`, safe`#`],
  waiting: safe`-`,
  receiving: safe`#`,
  ongoing: safe`>`,
  box: {
    across: safe`-`,
    down: safe`|`,
    topLeft: safe`+`,
    topRight: safe`+`,
    bottomLeft: safe`+`,
    bottomRight: safe`+`,
    topTee: safe`+`,
    bottomTee: safe`+`,
  },
};
