import type { ConfigNode, ScalarNode } from '../model/index.ts';
import { parseFloat64, parseInteger } from './resolve-scalar.ts';

/**
 * The typed value of a node as yaml.v3 decodes it: objects without a prototype, arrays, strings, booleans, numbers, null.
 * Integers beyond 2^53 become bigint with `bigints`, and otherwise the nearest number, which schema validators need;
 * timestamps and binary stay text.
 */
export function toPlain(node: ConfigNode, options: { readonly bigints?: boolean } = {}): unknown {
  if (node.kind === 'list') return node.items.map((item) => toPlain(item, options));
  if (node.kind === 'scalar') return scalarToPlain(node, options.bigints ?? false);
  const object: Record<string, unknown> = Object.create(null);
  for (const { key, value } of node.entries) object[key.text] = toPlain(value, options);
  return object;
}

function scalarToPlain(node: ScalarNode, bigints: boolean): unknown {
  switch (node.type) {
    case 'null':
      return null;
    case 'bool':
      return node.text.toLowerCase() === 'true';
    case 'int': {
      const value = parseInteger(node.text);
      const exact = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
      return exact || !bigints ? Number(value) : value;
    }
    case 'float':
      return parseFloat64(node.text);
    case 'string':
    case 'timestamp':
    case 'binary':
      return node.text;
  }
}
