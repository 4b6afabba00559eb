import { describe, expect, it } from 'vitest';
import {
  canonicalText,
  getEntry,
  getPath,
  mapScalars,
  nodeFrom,
  parseConfigPath,
  parseYaml,
  toPlain,
  walk,
} from '../../../src/manifests/index.ts';
import type { ConfigNode, ScalarNode } from '../../../src/model/index.ts';

const tree = nodeFrom({ a: { b: [{ c: 1 }, 'x'] }, d: null });

function scalar(text: string): ScalarNode {
  const node = parseYaml(new TextEncoder().encode(text), 'f.yaml').documents[0] as ConfigNode;
  if (node.kind !== 'scalar') throw new Error('not a scalar');
  return node;
}

describe('paths', () => {
  it('reach keys and list items', () => {
    expect(parseConfigPath('a::b::0')).toEqual(['a', 'b', '0']);
    expect(toPlain(getPath(tree, 'a::b::0::c')!)).toBe(1);
    expect(getPath(tree, '')).toBe(tree);
    expect(getPath(tree, 'a::x::c')).toBeUndefined();
    expect(getPath(tree, 'd::x')).toBeUndefined();
    expect(getEntry(tree, 'd')?.key.text).toBe('d');
  });
});

describe('walk', () => {
  it('visits parents first and skips what it is told to skip', () => {
    const seen: string[] = [];
    walk(tree, (_node, path) => {
      seen.push(path.join('::'));
      return path.at(-1) === 0 ? 'skip' : undefined;
    });
    expect(seen).toEqual(['', 'a', 'a::b', 'a::b::0', 'a::b::1', 'd']);
  });
});

describe('mapScalars', () => {
  it('shares what stays the same', () => {
    expect(mapScalars(tree, (node) => node)).toBe(tree);
    const changed = mapScalars(tree, (node) => (node.text === 'x' ? { ...node, text: 'y' } : node));
    expect(toPlain(changed)).toEqual({ a: { b: [{ c: 1 }, 'y'] }, d: null });
    expect(getPath(changed, 'a::b::0')).toBe(getPath(tree, 'a::b::0'));
  });

  it('says of the parts that changed, and of no others, that they were made for once', () => {
    const changed = mapScalars(tree, (node) => (node.text === 'x' ? { ...node, text: 'y' } : node));
    const made = ['', 'a', 'a::b', 'a::b::0'].map((path) => {
      const node = path === '' ? changed : getPath(changed, path);
      return node !== undefined && 'transient' in node;
    });
    expect(made).toEqual([true, true, true, false]);
  });

  it('tells where each scalar is', () => {
    const seen: string[] = [];
    mapScalars(tree, (node, path) => {
      seen.push(path.join('::'));
      return node;
    });
    expect(seen).toEqual(['a::b::0::c', 'a::b::1', 'd']);
  });
});

describe('values of scalars', () => {
  it.each([
    ['0700', '448'],
    ['1_000', '1000'],
    ['0x1F', '31'],
    ['-0b11', '-3'],
    ['1e3', '1000'],
    ['.5', '0.5'],
    ['-.INF', '-inf'],
    ['.nan', 'nan'],
    ['-0.0', '-0'],
    ['TRUE', 'true'],
    ['~', 'null'],
    ['18446744073709551615', '18446744073709551615'],
    ['"1"', '1'],
  ])('%s is %s', (source, expected) => {
    expect(canonicalText(scalar(source))).toBe(expected);
  });

  it('keep large integers exact on demand', () => {
    expect(toPlain(scalar('9007199254740993'))).toBe(9007199254740992);
    expect(toPlain(scalar('9007199254740993'), { bigints: true })).toBe(9007199254740993n);
  });

  it('refuses what no config can hold', () => {
    expect(() => nodeFrom(Symbol('x'))).toThrow(TypeError);
  });
});
