import { likeness, profileOf } from './likeness.ts';
import type { Profile } from './likeness.ts';
import type { PathNode } from './path-node.ts';

/** From here on answers are alike. */
const ALIKE = 0.72;
/** Groups that a further sibling is compared with; more different ones are not values of one kind. */
const MOST_GROUPS = 40;
/** Members of a group that a sibling is compared with. */
const MOST_COMPARED = 4;

/** Siblings whose answers are alike. */
export interface AlikeGroup {
  readonly nodes: readonly PathNode[];
  /** Mean of the likenesses found. */
  readonly likeness: number;
}

class Group {
  nodes: PathNode[] = [];
  profiles: Profile[] = [];
  sum = 0;
  compared = 0;

  likeness(profile: Profile): number | null {
    const found = this.profiles
      .slice(0, MOST_COMPARED)
      .map((own) => likeness(own, profile))
      .filter((value) => value !== null);
    return found.length === 0 ? null : Math.max(...found);
  }

  add(node: PathNode, profile: Profile, alike: number | null): void {
    this.nodes.push(node);
    if (this.profiles.length < MOST_COMPARED) this.profiles.push(profile);
    if (alike === null) return;
    this.sum += alike;
    this.compared += 1;
  }

  absorb(other: Group): void {
    this.nodes.push(...other.nodes);
    this.profiles = [...this.profiles, ...other.profiles].slice(0, MOST_COMPARED);
    this.sum += other.sum;
    this.compared += other.compared;
  }
}

function hasAnswers({ exact, wild }: Profile): boolean {
  return exact.size > 0 || wild.size > 0;
}

/** Puts a node into the groups it is like, which become one by it. */
function join(groups: readonly Group[], node: PathNode): Group[] {
  const profile = profileOf(node);
  if (!hasAnswers(profile)) return [...groups];
  const scored = groups.map((group) => ({ group, alike: group.likeness(profile) }));
  const near = scored.filter(({ alike }) => alike !== null && alike >= ALIKE);
  const joined = near[0]?.group ?? new Group();
  joined.add(node, profile, near[0]?.alike ?? null);
  for (const { group } of near.slice(1)) joined.absorb(group);
  const others = groups.filter((group) => !near.some((one) => one.group === group));
  if (near.length === 0 && groups.length >= MOST_GROUPS) return [...groups];
  return [...others, joined];
}

/**
 * The siblings that have answers to compare, in groups of those that are alike, the largest first.
 * Each group is connected: a member is like some other member.
 */
export function alikeGroups(nodes: readonly PathNode[]): AlikeGroup[] {
  let groups: Group[] = [];
  for (const node of nodes) groups = join(groups, node);
  return groups
    .map(({ nodes: members, sum, compared }) => ({
      nodes: members,
      likeness: compared === 0 ? 0 : sum / compared,
    }))
    .toSorted((one, other) => other.nodes.length - one.nodes.length);
}
