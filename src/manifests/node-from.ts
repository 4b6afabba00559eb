import type { ConfigNode, Position, ScalarNode, ScalarType } from '../model/index.ts';

const nowhere: Position = { file: '', line: 1, column: 1 };

/** A tree from plain values (objects, Maps, arrays, strings, booleans, numbers, bigints, null), all at one position. */
export function nodeFrom(value: unknown, at: Position = nowhere): ConfigNode {
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => nodeFrom(item, at)), at };
  if (typeof value !== 'object' || value === null) return scalarFrom(value, at);
  const pairs = value instanceof Map ? [...value] : Object.entries(value);
  const entries = pairs.map(([key, item]) => ({
    key: stringNode(String(key), at),
    value: nodeFrom(item, at),
  }));
  return { kind: 'map', entries, at };
}

/** A string scalar, quoted where it is rendered only if it has to be. */
export function stringNode(text: string, at: Position = nowhere): ScalarNode {
  return { kind: 'scalar', text, style: 'plain', type: 'string', at };
}

function scalarFrom(value: unknown, at: Position): ScalarNode {
  if (typeof value === 'string') return stringNode(value, at);
  const [type, text] = describe(value);
  return { kind: 'scalar', text, style: 'plain', type, at };
}

function describe(value: unknown): readonly [ScalarType, string] {
  if (value === null || value === undefined) return ['null', 'null'];
  if (typeof value === 'boolean') return ['bool', String(value)];
  if (typeof value === 'bigint') return ['int', String(value)];
  if (typeof value !== 'number') throw new TypeError(`a config tree cannot hold a ${typeof value}`);
  if (Number.isNaN(value)) return ['float', '.nan'];
  if (!Number.isFinite(value)) return ['float', value > 0 ? '.inf' : '-.inf'];
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return ['int', String(value)];
  const text = Object.is(value, -0) ? '-0.0' : String(value);
  return ['float', /[.e]/.test(text) ? text : `${text}.0`];
}
