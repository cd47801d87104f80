import { alikeGroups } from './alike-groups.ts';
import type { AlikeGroup } from './alike-groups.ts';
import { likeness, profileOf } from './likeness.ts';
import { PathNode } from './path-node.ts';
import { VALUE } from './path-tokens.ts';
import { leaningOf } from './values-or-names.ts';
import type { Leaning } from './values-or-names.ts';
import { isAction, isMethodName, isPlace, isPlural } from './words.ts';

/** As many names in one place are values, whatever they answer. */
const TOO_MANY = 2000;
/** Less than this, and a name with a number is not what the ids beside it are. */
const UNLIKE = 0.4;
/** What must speak for values where there are no answers to compare. */
const BUILT_ALIKE = 5;

function isName(node: PathNode): boolean {
  return !node.isValue && !node.isGlued && node.key !== '';
}

function namesOf(node: PathNode): PathNode[] {
  return [...node.children.values()]
    .filter(isName)
    .toSorted((one, other) => (one.key < other.key ? -1 : 1));
}

function wasAnswered({ calls, children }: PathNode): boolean {
  return (
    [...calls.values()].some(({ good }) => good > 0) ||
    [...children.values()].some((child) => wasAnswered(child))
  );
}

/** Names with a number in them are of one kind where all but the number is the same. */
function patternOf({ key }: PathNode, parent: PathNode | null): string {
  if (/^[A-Z]+$/.test(key)) return 'capitals';
  const pattern = key.replace(/\d+/g, '9').toLowerCase();
  return parent !== null && isPlural(parent.key) ? pattern.replace(/[a-z]+/g, 'a') : pattern;
}

/** Decides which children of a node are values, and makes one place of these. */
class Siblings {
  readonly #node: PathNode;
  /** The segment that they stand below; null at the root. */
  readonly #parent: PathNode | null;

  constructor(node: PathNode, parent: PathNode | null) {
    this.#node = node;
    this.#parent = parent;
  }

  settle(): void {
    const seen = this.#value;
    if (seen !== undefined) {
      seen.finding ??= {
        foundBy: 'look',
        confidence: seen.values > 1 ? 0.97 : 0.9,
        reason: 'the segments look like ids',
      };
    }
    this.#settleNumbered();
    this.#settleAlike();
    this.#settleBuiltAlike();
    this.#settleRefused();
  }

  get #value(): PathNode | undefined {
    return this.#node.children.get(VALUE);
  }

  #settleNumbered(): void {
    const numbered = namesOf(this.#node).filter(({ isMaybe }) => isMaybe);
    const patterns = Map.groupBy(numbered, (node) => patternOf(node, this.#parent));
    for (const nodes of patterns.values()) {
      const value = this.#value;
      if (value === undefined && nodes.length < 2) continue;
      const fitting = nodes.filter((node) => value === undefined || !isUnlike(node, value));
      this.#take(fitting, {
        foundBy: 'look',
        confidence: 0.85,
        reason: 'the segments are one name with different numbers, or stand beside ids',
      });
    }
  }

  #settleAlike(): void {
    const names = namesOf(this.#node);
    const value = this.#value;
    if (names.length >= TOO_MANY) {
      const reason = `${names.length} and more different segments were seen`;
      this.#takeAll({ foundBy: 'answers alike', confidence: 0.9, reason });
      return;
    }
    const eligible = names.filter(({ key }) => !isPlace(key));
    const groups = alikeGroups(value === undefined ? eligible : [...eligible, value]);
    const group = groups.find(({ nodes }) => value !== undefined && nodes.includes(value));
    const best =
      group !== undefined && group.nodes.length > 1
        ? group
        : groups.find((one) => !one.nodes.includes(value ?? this.#node));
    if (best === undefined) return;
    const others = groups
      .filter((one) => one !== best)
      .flatMap(({ nodes }) => nodes)
      .filter((node) => node !== value && canCompare(node, best));
    this.#considerGroup(best, others.length);
  }

  /** @param others - How many names have other answers. */
  #considerGroup(group: AlikeGroup, others: number): void {
    const value = this.#value;
    const members = group.nodes.filter((node) => node !== value);
    const leaning = leaningOf(members, { parent: this.#parent });
    const beside =
      value === undefined ? 'nothing' : group.nodes.includes(value) ? 'alike' : 'other';
    const covered = members.length / (members.length + others);
    if (!areValues({ count: members.length, covered, beside, likeness: group.likeness }, leaning))
      return;
    const reasons = ['their answers are alike', ...leaning.reasons];
    this.#takeAll(
      {
        foundBy: 'answers alike',
        confidence: confidenceOf(group.likeness, leaning.points, members.length),
        reason: `${members.length} different segments: ${reasons.join(', ')}`,
      },
      members,
    );
  }

  /** Names without answers to compare, below a plural, that are treated as items are. */
  #settleBuiltAlike(): void {
    const names = namesOf(this.#node).filter((node) => couldBeValue(node));
    if (names.length < 2 || names.some((node) => isUnlike(node, names[0] ?? node))) return;
    const { points } = leaningOf(names, { parent: this.#parent });
    if (points < BUILT_ALIKE) return;
    const reason = `${names.length} different segments below a plural are treated alike`;
    this.#take(names, { foundBy: 'answers alike', confidence: 0.7, reason });
  }

  /** Names that were only ever refused, beside ids: most likely values that do not exist. */
  #settleRefused(): void {
    const value = this.#value;
    if (value === undefined) return;
    const refused = namesOf(this.#node).filter(
      (node) => !wasAnswered(node) && couldBeValue(node) && [...node.calls.values()].length > 0,
    );
    this.#take(refused, value.finding);
  }

  /** The members, and with them all that nothing tells from them. */
  #takeAll(finding: PathNode['finding'], members: readonly PathNode[] = namesOf(this.#node)): void {
    this.#take(members, finding);
    const value = this.#value;
    const others = namesOf(this.#node).filter(
      (node) => couldBeValue(node) && value !== undefined && !isUnlike(node, value),
    );
    this.#take(others, finding);
    this.#node.takesNames = true;
  }

  #take(nodes: readonly PathNode[], finding: PathNode['finding']): void {
    if (nodes.length === 0) return;
    const value = this.#node.child({ key: VALUE, isValue: true, isMaybe: false, isGlued: false });
    value.finding ??= finding;
    for (const node of nodes) {
      value.merge(node);
      value.values += 1;
      this.#node.children.delete(node.key);
      this.#node.namesTaken.add(node.key);
    }
  }
}

interface Case {
  readonly count: number;
  /** Share of the names with answers that are in the group. */
  readonly covered: number;
  /** Whether ids are seen there too, and answer alike. */
  readonly beside: 'nothing' | 'alike' | 'other';
  readonly likeness: number;
}

function areValues(found: Case, leaning: Leaning): boolean {
  const { count, beside } = found;
  if (beside === 'alike' && count === 1) return leaning.isEchoed || leaning.points >= 3;
  if (beside === 'other' && leaning.points < 1) return false;
  return areEchoed(found, leaning) || areEnough(found, leaning.points);
}

function areEchoed({ count, covered }: Case, { isEchoed, points }: Leaning): boolean {
  return isEchoed && count >= 2 && points >= 0 && covered >= 0.5;
}

function areEnough(found: Case, points: number): boolean {
  const { count, covered } = found;
  if (count === 2) return covered === 1 && points >= (isVeryAlike(found) ? 2 : 3);
  return count >= 3 && covered >= (points >= 2 ? 0.5 : 0.75) && points >= -2;
}

function isVeryAlike({ likeness: alike, beside }: Case): boolean {
  return alike >= 0.76 || beside === 'alike';
}

function confidenceOf(alike: number, points: number, count: number): number {
  const confidence =
    0.5 * alike + 0.2 + 0.04 * Math.max(-2, Math.min(points, 4)) + 0.01 * Math.min(count, 10);
  return Math.round(Math.min(0.95, confidence) * 100) / 100;
}

function canCompare(node: PathNode, { nodes: [first = node] }: AlikeGroup): boolean {
  return likeness(profileOf(node), profileOf(first)) !== null;
}

function couldBeValue({ key }: PathNode): boolean {
  return !isPlace(key) && !isAction(key) && !isMethodName(key) && !isPlural(key);
}

function isUnlike(node: PathNode, value: PathNode): boolean {
  const alike = likeness(profileOf(node), profileOf(value));
  return alike !== null && alike < UNLIKE;
}

/**
 * Decides, from the root on, which segments are values: those that look like ids, names with numbers
 * where several are of one pattern, and siblings whose answers are alike.
 */
export function settleSiblings(node: PathNode, parent: PathNode | null): void {
  new Siblings(node, parent).settle();
  for (const child of node.children.values()) {
    settleSiblings(child, child.isGlued ? parent : child);
  }
}
