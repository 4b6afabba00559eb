import type { ConfigNode } from '../../model/index.ts';

/** What a value is, in words and without the value itself, which may be a secret. */
export function describeValue(node: ConfigNode): string {
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'map') return 'a map';
  switch (node.type) {
    case 'null':
      return 'empty';
    case 'bool':
      return 'a boolean';
    case 'int':
    case 'float':
      return 'a number';
    case 'string':
    case 'timestamp':
    case 'binary':
      return 'text';
  }
}
