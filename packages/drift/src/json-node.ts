/** An object of a document. */
export type Node = Readonly<Record<string, unknown>>;

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An own member of an object; undefined for whatever is no object. */
export function memberOf(value: unknown, key: string): unknown {
  return isNode(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** What a JSON Pointer leads to (RFC 6901), also one behind `#` of a reference. */
export function nodeAt(document: unknown, pointer: string): unknown {
  const steps = pointer.replace(/^#/, '').split('/').slice(1);
  return steps.reduce<unknown>((node, step) => {
    const key = unescaped(step);
    return Array.isArray(node) ? node[Number(key)] : memberOf(node, key);
  }, document);
}

function unescaped(step: string): string {
  let text = step;
  try {
    text = decodeURIComponent(step);
  } catch {
    // Not encoded: it is as it is.
  }
  return text.replaceAll('~1', '/').replaceAll('~0', '~');
}

const MOST_REFS = 20;

/** A node, or what its references lead to. */
export function followed(document: unknown, node: unknown): unknown {
  let at = node;
  for (let n = 0; n < MOST_REFS; n += 1) {
    const ref = memberOf(at, '$ref');
    if (typeof ref !== 'string') return at;
    at = nodeAt(document, ref);
  }
  return undefined;
}
