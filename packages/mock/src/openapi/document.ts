import { SourceNode, isRecord, pointerStep } from '../source-node.ts';
import { ExactNumber, plainNumbers } from '../exact-json.ts';
import type { Resolve } from './schema.ts';

/** Below these stand values of users, in which `$ref` means nothing. */
const VALUES: ReadonlySet<string> = new Set(['example', 'default', 'enum', 'const', 'value']);

/** Below these stand names of users, which may be those of keywords. */
const NAMED: ReadonlySet<string> = new Set(['properties', 'schemas', 'examples']);

function unescaped(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A description of an API whose references have been checked. */
export class OpenApiDocument {
  readonly root: SourceNode;
  readonly #schemas = new Map<string, unknown>();

  /** @throws MockError OPENAPI_INVALID for another version and for a `$ref` that leads nowhere. */
  constructor(root: SourceNode) {
    this.root = root;
    const version = root.object().get('openapi');
    if (!/^3\.[01]\.\d+/.test(version.anyText() ?? '')) {
      version.fail(
        'is no version that is read here',
        'Write 3.0.3 or 3.1.0, or convert it to that',
      );
    }
    root.get('paths').object();
    this.#checkRefs(root);
  }

  /** The schema that a reference leads to. */
  readonly resolve: Resolve = (ref) => {
    if (!this.#schemas.has(ref)) this.#schemas.set(ref, plainNumbers(this.#at(ref)?.value));
    return this.#schemas.get(ref);
  };

  /** The node itself, or what its `$ref` leads to. */
  followed(node: SourceNode): SourceNode {
    let at = node;
    for (let n = 0; n < 20; n += 1) {
      const ref = at.get('$ref');
      if (typeof ref.value !== 'string') return at;
      at = this.#at(ref.value) ?? ref.fail('leads nowhere');
    }
    return node.get('$ref').fail('leads in circles');
  }

  #at(ref: string): SourceNode | undefined {
    if (ref !== '#' && !ref.startsWith('#/')) return undefined;
    let node = this.root;
    for (const step of ref.split('/').slice(1)) {
      const name = unescaped(decoded(step));
      node = Array.isArray(node.value)
        ? (node.items()[Number(name)] ?? node.get(name))
        : node.get(name);
      if (node.value === undefined) return undefined;
    }
    return node;
  }

  #checkRefs(node: SourceNode): void {
    const open: { value: unknown; pointer: string; parent: string }[] = [
      { value: node.value, pointer: '', parent: '' },
    ];
    for (let one = open.pop(); one !== undefined; one = open.pop()) {
      const { value, pointer, parent } = one;
      if (typeof value !== 'object' || value === null || value instanceof ExactNumber) continue;
      const isNamed = NAMED.has(parent);
      const ref = isRecord(value) && !isNamed ? value['$ref'] : undefined;
      if (typeof ref === 'string') this.#checkRef(ref, `${pointer}/$ref`);
      for (const [name, child] of Object.entries(value)) {
        if (VALUES.has(name) && !isNamed) continue;
        open.push({ value: child, pointer: pointer + pointerStep(name), parent: name });
      }
    }
  }

  #checkRef(ref: string, pointer: string): void {
    if (this.#at(ref) !== undefined) return;
    const node = new SourceNode(this.root.source, ref, pointer);
    if (ref.startsWith('#'))
      node.fail(`leads nowhere: "${ref}"`, 'Correct it, or add what it names');
    node.fail(`leads to another file: "${ref}"`, 'Bundle the description into one file first');
  }
}
