import { describe, expect, it } from 'vitest';
import { nodeFrom, parseYaml, renderYaml } from '../../../src/manifests/index.ts';

function rerender(text: string): string {
  const { documents, problems } = parseYaml(new TextEncoder().encode(text), 'f.yaml');
  expect(problems).toEqual([]);
  return renderYaml(documents[0]!);
}

describe('renderYaml', () => {
  it.each([
    ['a:   1 # comment\n\n\nb: [x,  y]\n', 'a: 1\nb:\n  - x\n  - "y"\n'],
    ["a: '1'\nb: \"true\"\nc: 'it''s'\n", "a: '1'\nb: \"true\"\nc: 'it''s'\n"],
    ['a: 0700\nb: 1_000\nc: 1e3\nd: ~\ne:\nf: True\n', 'a: 0700\nb: 1_000\nc: 1e3\nd: ~\ne: null\nf: True\n'],
    ['a: {}\nb: []\nc: [[], [{}]]\n', 'a: {}\nb: []\nc:\n  - []\n  -\n    - {}\n'],
    ['- a: 1\n  b:\n    c: 2\n- d\n', '- a: 1\n  b:\n    c: 2\n- d\n'],
    ['a: |\n  x: 1\n\n    y\nb: >-\n  one\n  two\n', 'a: |\n  x: 1\n\n    y\nb: |-\n  one two\n'],
    ['a: |+\n  x\n\n', 'a: "x\\n\\n"\n'],
    ['a: ${env:HOST}:4317\nb: "${env:X}"\n', 'a: ${env:HOST}:4317\nb: "${env:X}"\n'],
    ['a: 0.0.0.0:4317\nb: 30s\nc: 1:30\nd: on\n', 'a: 0.0.0.0:4317\nb: 30s\nc: "1:30"\nd: "on"\n'],
    ['x: &x {a: 1}\nw: *x\nz: {<<: *x, b: 2}\n', 'x:\n  a: 1\nw:\n  a: 1\nz:\n  a: 1\n  b: 2\n'],
    ['a: !!float 1\nb: !custom x\n', 'a: !!float 1\nb: !custom "x"\n'],
    ['0700: a\n"x y": b\n', '"448": a\n"x y": b\n'],
    ['just text\n', 'just text\n'],
    ['{}', '{}\n'],
  ])('%j', (source, expected) => {
    expect(rerender(source)).toBe(expected);
    expect(rerender(expected)).toBe(expected);
  });

  it('writes plain values', () => {
    const node = nodeFrom({
      s: 'x',
      n: 1,
      f: 1.5,
      w: 2e300,
      b: false,
      z: null,
      big: 2n ** 63n,
      no: Number.NaN,
    });
    expect(renderYaml(node)).toBe(
      's: x\n"n": 1\nf: 1.5\nw: 2e+300\nb: false\nz: null\nbig: 9223372036854775808\n"no": .nan\n',
    );
  });

  it('writes keys too long for YAML in the explicit form', () => {
    const key = 'k'.repeat(2000);
    const text = renderYaml(nodeFrom([{ [key]: { a: [key] } }]));
    expect(rerender(text)).toBe(text);
  });
});
