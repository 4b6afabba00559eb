import type { ScalarNode } from '../model/index.ts';
import { parseFloat64, parseInteger } from './resolve-scalar.ts';

/**
 * One text per value, so that spellings compare equal: `0700` and `448` are `448`, `1_000` is `1000`, `1e3` is `1000`
 * (of type float), `~` is `null`, `True` is `true`. Floats are written as ECMAScript does, with `inf`, `-inf`, `nan`,
 * `-0`. Strings are themselves.
 */
export function canonicalText(node: ScalarNode): string {
  switch (node.type) {
    case 'null':
      return 'null';
    case 'bool':
      return node.text.toLowerCase();
    case 'int':
      return parseInteger(node.text).toString();
    case 'float':
      return floatText(parseFloat64(node.text));
    case 'binary':
      return node.text.replace(/\s/g, '');
    case 'string':
    case 'timestamp':
      return node.text;
  }
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}
