import type { ConfigNode, Position, ScalarNode } from '../../../src/model/index.ts';

/** A scalar with a type of its own, for tables: `typed('42', 'int')`. */
export interface Typed {
  readonly text: string;
  readonly type: ScalarNode['type'];
}

export type Plain = string | null | Typed | readonly Plain[] | { readonly [key: string]: Plain };

/** A tree whose nodes have consecutive lines in reading order, keys included: line n is the n-th thing written. */
export function treeOf(plain: Plain): ConfigNode {
  let line = 0;
  function next(): Position {
    return { file: 'edge.yaml', line: ++line, column: 1 };
  }
  function scalar(text: string, type: ScalarNode['type'] = 'string'): ScalarNode {
    return { kind: 'scalar', text, type, style: 'plain', at: next() };
  }
  function build(value: Plain): ConfigNode {
    if (value === null) return scalar('', 'null');
    if (typeof value === 'string') return scalar(value);
    if (isTyped(value)) return scalar(value.text, value.type);
    if (Array.isArray(value)) return { kind: 'list', at: next(), items: value.map(build) };
    const at = next();
    const entries = Object.entries(value).map(([key, child]) => ({ key: scalar(key), value: build(child) }));
    return { kind: 'map', at, entries };
  }
  return build(plain);
}

/** A plain scalar that YAML does not read as a string. */
export function typed(text: string, type: ScalarNode['type']): Typed {
  return { text, type };
}

function isTyped(value: Plain): value is Typed {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as Partial<Typed>).type === 'string' &&
    'text' in value
  );
}
