import { isTextured } from './look.ts';
import type { PathCalls, PathNode } from './path-node.ts';
import { decodeSegment } from './path-tokens.ts';
import { isAction, isMethodName, isPlural } from './words.ts';

/** Where siblings stand. */
export interface Surroundings {
  /** The segment before them; null at the beginning of a path. */
  readonly parent: PathNode | null;
}

/** What speaks for values (above zero) or for names (below), each with its reason. */
export interface Leaning {
  readonly points: number;
  /** Do answers say the segment as a value? */
  readonly isEchoed: boolean;
  readonly reasons: readonly string[];
}

interface Clue {
  readonly points: number;
  readonly reason: string;
  readonly holds: (siblings: Siblings) => boolean;
}

function share<T>(items: readonly T[], test: (item: T) => boolean): number {
  return items.length === 0 ? 0 : items.filter((item) => test(item)).length / items.length;
}

function text(node: PathNode): string {
  return decodeSegment(node.key);
}

interface CallsAt {
  readonly method: string;
  readonly calls: PathCalls;
}

/** The calls of a segment itself, `.json` or not. */
function callsAt(node: PathNode): CallsAt[] {
  const glued = [...node.children.values()].filter(({ isGlued }) => isGlued);
  return [node, ...glued].flatMap((at) =>
    [...at.calls].map(([method, calls]) => ({ method, calls })),
  );
}

/** Siblings of a group, and what can be asked of them. */
class Siblings {
  readonly nodes: readonly PathNode[];
  readonly parent: PathNode | null;

  constructor(nodes: readonly PathNode[], { parent }: Surroundings) {
    this.nodes = nodes;
    this.parent = parent;
  }

  mostly(test: (segment: string) => boolean, least = 0.5): boolean {
    return share(this.nodes, (node) => test(text(node))) >= least;
  }

  mostlyNodes(test: (node: PathNode) => boolean): boolean {
    return share(this.nodes, test) >= 0.5;
  }

  get isBelowPlural(): boolean {
    return this.parent !== null && !this.parent.isValue && isPlural(text(this.parent));
  }

  get echoes(): number {
    return share(
      this.nodes.filter(({ judged }) => judged > 0),
      ({ echoed, judged }) => echoed * 2 >= judged,
    );
  }

  get keyed(): number {
    return share(
      this.nodes.filter(({ judged }) => judged > 0),
      ({ keyed }) => keyed > 0,
    );
  }

  /** Does what is read there come as lists? */
  get areLists(): boolean {
    const asked = this.nodes
      .flatMap((node) => callsAt(node))
      .filter(({ calls }) => calls.samples > 0);
    const read = asked.filter(({ method }) => method === 'GET');
    const looked = read.length > 0 ? read : asked;
    return share(looked, ({ calls: { lists, samples } }) => lists * 2 > samples) > 0.5;
  }

  get areOnlyDone(): boolean {
    return this.nodes.every((node) => {
      const methods = callsAt(node).map(({ method }) => method);
      return (
        node.children.size === 0 && methods.length > 0 && methods.every((one) => one === 'POST')
      );
    });
  }

  /** Are they replaced and deleted, as items are? */
  get areItems(): boolean {
    return this.mostlyNodes((node) =>
      callsAt(node).some(({ method }) => /^(?:PUT|PATCH|DELETE)$/.test(method)),
    );
  }

  /** How many names stand below most of them: `issues` and `pulls` below repositories. */
  get sharedNames(): number {
    const counts = new Map<string, number>();
    for (const { children } of this.nodes) {
      for (const { key } of [...children.values()].filter(isNameBelow)) {
        counts.set(key, (counts.get(key) ?? 0) + 1);
      }
    }
    return [...counts.values()].filter((count) => count * 2 > this.nodes.length).length;
  }

  get arePlurals(): boolean {
    return this.mostly(isPlural, 0.6);
  }
}

/** A name of its own, or an action on what stands before it: `:publish`. */
function isNameBelow({ key, isValue, isMaybe, isGlued }: PathNode): boolean {
  return !isValue && !isMaybe && key !== '' && (!isGlued || key.startsWith(':'));
}

const VERSION_OR_API = /^(?:v\d.*|apis?|rest|\d[\d.-]*)$/i;

const CLUES: readonly Clue[] = [
  { points: 4, reason: 'the answers repeat them', holds: ({ echoes }) => echoes >= 0.5 },
  { points: -3, reason: 'the answers have them as keys', holds: ({ keyed }) => keyed >= 0.3 },
  {
    points: 2,
    reason: 'they stand below a plural',
    holds: ({ isBelowPlural }) => isBelowPlural,
  },
  {
    points: -3,
    reason: 'resources stand here',
    holds: ({ parent }) => parent === null || VERSION_OR_API.test(parent.key),
  },
  {
    points: -2,
    reason: 'they stand right below another value',
    holds: ({ parent }) => parent?.isValue === true,
  },
  {
    points: 3,
    reason: 'the same names stand below them',
    holds: ({ sharedNames }) => sharedNames > 0,
  },
  {
    points: 3,
    reason: 'they are replaced and deleted as items are',
    holds: ({ isBelowPlural, areItems }) => isBelowPlural && areItems,
  },
  {
    points: 3,
    reason: 'several names stand below each',
    holds: ({ sharedNames, arePlurals }) => sharedNames >= 3 && !arePlurals,
  },
  { points: -6, reason: 'the answers are lists', holds: ({ areLists }) => areLists },
  { points: -3, reason: 'nothing is read there', holds: ({ areOnlyDone }) => areOnlyDone },
  { points: -4, reason: 'they are plurals', holds: ({ arePlurals }) => arePlurals },
  { points: -3, reason: 'they are actions', holds: (siblings) => siblings.mostly(isAction) },
  {
    points: -4,
    reason: 'they are spelt as methods',
    holds: (siblings) => siblings.mostly(isMethodName),
  },
  {
    points: 1,
    reason: 'they are spelt as names that people give',
    holds: (siblings) => siblings.mostly(isTextured),
  },
  { points: 1, reason: 'they are many', holds: ({ nodes }) => nodes.length >= 6 },
  { points: 1, reason: 'they are very many', holds: ({ nodes }) => nodes.length >= 15 },
];

/** Whether siblings that answer alike are values, or names as of resources and actions. */
export function leaningOf(nodes: readonly PathNode[], surroundings: Surroundings): Leaning {
  const siblings = new Siblings(nodes, surroundings);
  const found = CLUES.filter((clue) => clue.holds(siblings));
  return {
    points: found.reduce((sum, { points }) => sum + points, 0),
    isEchoed: siblings.echoes >= 0.5,
    reasons: found.filter(({ points }) => points > 0).map(({ reason }) => reason),
  };
}
