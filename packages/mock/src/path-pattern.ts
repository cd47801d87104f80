/** A path with parameters, such as `/pets/{petId}`. */
export interface PathPattern {
  /** The values of the parameters of a path that fits, decoded; undefined for one that does not. */
  readonly match: (path: string) => ReadonlyMap<string, string> | undefined;
  readonly segments: number;
  /** In how many segments a path is another one. */
  readonly distance: (path: string) => number;
  /** For sorting: of two that fit a path, the one that comes first says more of it. */
  readonly order: string;
}

const PARAMETER = /\{([^{}/]+)\}/g;

interface Segment {
  /** What stands around the parameters. */
  readonly pieces: readonly string[];
  readonly names: readonly string[];
}

function segmentOf(text: string): Segment {
  const names = [...text.matchAll(PARAMETER)].map(([, name = '']) => name);
  return { pieces: text.split(/\{[^{}/]+\}/), names };
}

/** The values between the pieces, each as short as can be and of a character at least. */
function between({ pieces }: Segment, text: string): string[] | undefined {
  const [first = '', ...rest] = pieces;
  if (rest.length === 0) return text === first ? [] : undefined;
  if (!text.startsWith(first)) return undefined;
  const values: string[] = [];
  let at = first.length;
  for (const [n, piece] of rest.entries()) {
    const isLast = n === rest.length - 1;
    const next = isLast ? text.length - piece.length : text.indexOf(piece, at + 1);
    if (next < at + 1 || !text.startsWith(piece, next)) return undefined;
    values.push(text.slice(at, next));
    at = next + piece.length;
  }
  return values;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Names that are written in full come before parameters, segment by segment. */
function orderOf(segments: readonly Segment[]): string {
  return segments
    .map(({ pieces, names }) => {
      if (names.length === 0) return '0';
      return pieces.every((piece) => piece === '') ? '2' : '1';
    })
    .join('');
}

export function pathPatternOf(template: string): PathPattern {
  const segments = template.split('/').map(segmentOf);
  const valuesAt = (at: number, part: string): string[] | undefined => {
    const segment = segments[at];
    if (segment === undefined) return undefined;
    return between(segment, part) ?? between(segment, decoded(part));
  };
  return {
    segments: segments.length,
    order: orderOf(segments),
    match: (path) => {
      const parts = path.split('/');
      if (parts.length !== segments.length) return undefined;
      const found = new Map<string, string>();
      for (const [at, { names }] of segments.entries()) {
        const values = valuesAt(at, parts[at] ?? '');
        if (values === undefined) return undefined;
        for (const [n, name] of names.entries()) found.set(name, decoded(values[n] ?? ''));
      }
      return found;
    },
    distance: (path) => {
      const parts = path.split('/');
      const differing = parts.filter((part, at) => valuesAt(at, part) === undefined).length;
      return differing + Math.max(0, segments.length - parts.length);
    },
  };
}
