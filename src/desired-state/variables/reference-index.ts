import type { ConfigNode, ScalarNode } from '../../model/index.ts';

/** Where a tree has references: a file is rendered for many agents, and most of it is the same for all. */
interface ReferenceIndex {
  readonly inValues: boolean;
  /** Keys that look as if variables should be filled in. */
  readonly keys: readonly ScalarNode[];
}

const known = new WeakMap<ConfigNode, ReferenceIndex>();
const namesVariable = /\$\((?:vars|secrets)\./;
const none: ReferenceIndex = { inValues: false, keys: [] };

/** Whether a value in the tree may hold a `$(…)` or `$$(`. */
export function hasReferences(node: ConfigNode): boolean {
  return node.kind === 'scalar' ? node.text.includes('$(') : indexOf(node).inValues;
}

/** The keys in the tree that name a variable or a secret, in order. */
export function keysWithReferences(node: ConfigNode): readonly ScalarNode[] {
  return node.kind === 'scalar' ? [] : indexOf(node).keys;
}

function indexOf(node: Exclude<ConfigNode, ScalarNode>): ReferenceIndex {
  if (node.transient) return makeIndex(node);
  const before = known.get(node);
  if (before) return before;
  const made = makeIndex(node);
  known.set(node, made);
  return made;
}

function makeIndex(node: Exclude<ConfigNode, ScalarNode>): ReferenceIndex {
  const children = node.kind === 'list' ? node.items : node.entries.map(({ value }) => value);
  const inValues = children.some(hasReferences);
  const keys =
    node.kind === 'list'
      ? node.items.flatMap(keysWithReferences)
      : node.entries.flatMap(({ key, value }) => {
          const below = keysWithReferences(value);
          return namesVariable.test(key.text) ? [key, ...below] : below;
        });
  // Nearly all are alike, and share one answer.
  return inValues || keys.length > 0 ? { inValues, keys } : none;
}
