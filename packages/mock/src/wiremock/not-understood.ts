import type { SourceNode } from '../source-node.ts';

/** A mapping that is right, but asks for something that this mock does not do: it is left out. */
export class NotUnderstood extends Error {
  override readonly name = 'NotUnderstood';

  constructor(node: SourceNode, why = 'is not understood') {
    super(`${node.pointer} ${why}`);
  }
}
