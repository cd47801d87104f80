import { PARTS } from './match-choice.ts';
import type { MatchChoice, Part } from './match-choice.ts';
import { fitsWord } from './glob.ts';
import type { Glob } from './glob.ts';
import type { Place } from './place.ts';

/** What takes part in the matching of some requests. */
export interface Matching {
  /** Different for each matching of a mock. */
  readonly id: number;
  readonly parts: ReadonlySet<Part>;
  /** Fields that take part by the user's choice, in lower case. */
  readonly headers: readonly string[];
  /** Fields that do not, even where recordings differ by them. */
  readonly leftOut: ReadonlySet<string>;
  /** Names of query parameters that are not compared; `*` stands for any characters. */
  readonly query: readonly string[];
  readonly form: readonly string[];
  /** JSON pointers as their tokens; `*` stands for any member. */
  readonly json: readonly (readonly string[])[];
  /** Paths as their segments; those with `*` are not compared. */
  readonly paths: readonly (readonly string[])[];
  /** Whether the nearest recording of the endpoint answers what none is for. */
  readonly lenient: boolean;
}

/** What the user chose. */
export interface MatchWishes {
  readonly match: readonly MatchChoice[];
  readonly ignore: readonly Place[];
  /** Undefined leaves it as it is elsewhere. */
  readonly lenient?: boolean | undefined;
}

/** What the user chose for some requests. */
export interface RouteRule extends MatchWishes {
  /** The rule as JSON. */
  readonly text: string;
  readonly matchesMethod: (method: string) => boolean;
  readonly matchesPath: Glob;
}

function matchingOf(id: number, wishes: readonly MatchWishes[]): Matching {
  const parts = new Set(PARTS);
  const headers = new Set<string>();
  const leftOut = new Set<string>();
  for (const { of, takesPart } of wishes.flatMap(({ match }) => match)) {
    if ('part' in of) {
      if (takesPart) parts.add(of.part);
      else parts.delete(of.part);
    } else {
      (takesPart ? headers : leftOut).add(of.header);
      (takesPart ? leftOut : headers).delete(of.header);
    }
  }
  const places = wishes.flatMap(({ ignore }) => ignore);
  const namesIn = (where: 'query' | 'form' | 'header'): string[] =>
    places.flatMap((place) => (place.in === where ? [place.name] : []));
  for (const name of namesIn('header')) {
    headers.delete(name);
    leftOut.add(name);
  }
  return {
    id,
    parts,
    headers: [...headers].toSorted(),
    leftOut,
    query: namesIn('query'),
    form: namesIn('form'),
    json: places.flatMap((place) => (place.in === 'json' ? [place.tokens] : [])),
    paths: places.flatMap((place) => (place.in === 'path' ? [place.segments] : [])),
    lenient: wishes.findLast(({ lenient }) => lenient !== undefined)?.lenient ?? false,
  };
}

/** Says what takes part in the matching of a request; the rules that fit it are added up. */
export class MatchingRules {
  readonly #everywhere: MatchWishes;
  readonly #routes: readonly RouteRule[];
  readonly #made = new Map<string, Matching>();
  readonly #plain: Matching;

  constructor(everywhere: MatchWishes, routes: readonly RouteRule[]) {
    this.#everywhere = everywhere;
    this.#routes = routes;
    this.#plain = matchingOf(0, [everywhere]);
  }

  for(method: string, path: string): Matching {
    if (this.#routes.length === 0) return this.#plain;
    const fitting = this.#routes.filter(
      (route) => route.matchesMethod(method) && route.matchesPath(path),
    );
    if (fitting.length === 0) return this.#plain;
    const key = fitting.map((route) => this.#routes.indexOf(route)).join();
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = matchingOf(this.#made.size + 1, [this.#everywhere, ...fitting]);
    this.#made.set(key, made);
    return made;
  }
}

function withoutSegments(path: string, pattern: readonly string[]): string {
  const segments = path.split('/');
  const fits =
    segments.length === pattern.length &&
    segments.every((segment, at) => fitsWord(segment, pattern[at] ?? ''));
  return fits ? pattern.join('/') : path;
}

/** A path with `*` for the segments that do not count. */
export function comparedPath(path: string, { paths }: Matching): string {
  return paths.reduce(withoutSegments, path);
}
