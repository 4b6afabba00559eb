import { describe, expect, it } from 'vitest';
import { defaultYamlLimits, getPath, parseYaml, toPlain } from '../../../src/manifests/index.ts';

const encode = (text: string) => new TextEncoder().encode(text);
const parse = (text: string) => parseYaml(encode(text), 'f.yaml');
const at = (line: number, column: number) => ({ file: 'f.yaml', line, column });

describe('positions', () => {
  it('count from 1, for keys and values, through CRLF and a byte order mark', () => {
    const { documents } = parse('\ufeffa:\r\n  - b: "x"\r\n');
    const list = getPath(documents[0], 'a');
    expect(list?.at).toEqual(at(2, 3));
    const item = getPath(documents[0], 'a::0');
    expect(item?.kind === 'map' && item.entries[0]?.key.at).toEqual(at(2, 5));
    expect(getPath(documents[0], 'a::0::b')?.at).toEqual(at(2, 8));
  });

  it('count characters, not UTF-16 units', () => {
    const { documents } = parse('{"😀": x}');
    expect(getPath(documents[0], '😀')?.at).toEqual(at(1, 7));
  });

  it('of aliased nodes are those of the definition', () => {
    const { documents } = parse('a: &x\n  b: 1\nc: *x\n');
    expect(getPath(documents[0], 'c::b')?.at).toEqual(at(2, 6));
  });
});

describe('documents', () => {
  it('gives each document of a file', () => {
    const { documents } = parse('a: 1\n---\nb: 2\n');
    expect(documents.map((node) => toPlain(node))).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it.each(['', '# nothing\n', '---\n'])('reads %j as one null', (text) => {
    const { documents, problems } = parse(text);
    expect(problems).toEqual([]);
    expect(documents.map((node) => toPlain(node))).toEqual([null]);
  });

  it('keeps text, style, tag and type of scalars', () => {
    const { documents } = parse("a: 0700\nb: '1'\nc: !!float 1\nd: |\n  x\n");
    expect(getPath(documents[0], 'a')).toMatchObject({ text: '0700', style: 'plain', type: 'int' });
    expect(getPath(documents[0], 'b')).toMatchObject({ text: '1', style: 'single', type: 'string' });
    expect(getPath(documents[0], 'c')).toMatchObject({ text: '1', tag: '!!float', type: 'float' });
    expect(getPath(documents[0], 'd')).toMatchObject({ text: 'x\n', style: 'literal', type: 'string' });
  });

  it('puts merged keys where the << stood, explicit keys first in rights', () => {
    const { documents } = parse('x: &x {b: 1, c: 1}\ny:\n  a: 0\n  <<: *x\n  c: 2\n');
    const y = getPath(documents[0], 'y');
    expect(y?.kind === 'map' && y.entries.map((entry) => entry.key.text)).toEqual(['a', 'b', 'c']);
    expect(toPlain(y!)).toEqual({ a: 0, b: 1, c: 2 });
  });

  it('has no prototype to pollute', () => {
    const plain = toPlain(parse('__proto__: {polluted: true}\n').documents[0]!) as Record<string, unknown>;
    expect(Object.keys(plain)).toEqual(['__proto__']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('problems', () => {
  it.each([
    ['a: 1\nb: 2\na: 3\n', 'OC002', 3, 1, 'first at 1:1'],
    ['x:\n  "1": a\n  1: b\n', 'OC002', 3, 3, 'first at 2:3'],
    ['a:\n\tb: 1\n', 'OC001', 2, 1, 'tab'],
    ['a: [1, 2\n', 'OC001', 2, 1, '"]" is missing'],
    ['a: b: c\n', 'OC001', 1, 4, 'nested map'],
    ['a: 1\nb: "x\nc: 2\n', 'OC001', 2, 4, 'not closed'],
    ['a: }\n', 'OC001', 1, 4, 'unexpected "}"'],
    ['a: b\nc\n', 'OC001', 2, 1, '":" is missing'],
    ['<<<<<<< HEAD\na: 1\n', 'OC001', 1, 1, 'merge conflict'],
    ['a: {{ .Values.x }}\n', 'OC001', 1, 5, 'templates'],
    ['a: *x\n', 'OC001', 1, 4, 'no anchor "&x"'],
    ['a: &x [*x]\n', 'OC001', 1, 8, 'contains itself'],
    ['<<: 1\n', 'OC001', 1, 1, '"<<" needs a map'],
    ['? [a]\n: b\n', 'OC001', 1, 3, 'single value'],
    ['a: !!int x\n', 'OC001', 1, 10, '!!int'],
    ['~: x\n', 'OC001', 1, 1, 'must not be a null'],
    ['a: "\\ud800"\n', 'OC001', 1, 4, 'surrogate'],
    ['a: x\0y\n', 'OC001', 1, 5, 'NUL'],
    ['a: x\ry\n', 'OC001', 1, 5, 'carriage return'],
    ['a: x\u2028y\n', 'OC001', 1, 5, 'U+2028'],
    ['a: \u0007\n', 'OC001', 1, 4, 'U+0007'],
  ])('%j', (text, code, line, column, words) => {
    const { documents, problems } = parse(text);
    expect(documents).toEqual([]);
    expect(problems[0]).toMatchObject({ code, severity: 'error', ...at(line, column) });
    expect(problems[0]?.message).toContain(words);
  });

  it('places bytes that are not UTF-8', () => {
    const bytes = new Uint8Array([...encode('a: é\nb: é'), 0xff, 0x0a]);
    expect(parseYaml(bytes, 'f.yaml').problems[0]).toMatchObject({ code: 'OC001', ...at(2, 5) });
  });

  it('names UTF-16', () => {
    expect(parseYaml(new Uint8Array([0xff, 0xfe, 0x61, 0]), 'f.yaml').problems[0]?.message).toContain(
      'UTF-16',
    );
  });

  it('keeps at most the first ones', () => {
    const text = Array.from({ length: 100 }, () => 'a: 1').join('\n');
    expect(parse(text).problems).toHaveLength(defaultYamlLimits.maxProblems);
  });
});

describe('limits', () => {
  const bomb = (levels: number) =>
    `a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n${Array.from({ length: levels }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join()}]\n`).join('')}`;

  it.each([
    ['bytes', 'x'.repeat(1024 * 1024 + 1), 'bytes'],
    ['flow depth', `a: ${'['.repeat(5000)}`, 'deep'],
    ['block depth', '- '.repeat(5000), 'deep'],
    [
      'depth through aliases',
      `a0: &a0 {k: v}\n${Array.from({ length: 120 }, (_, i) => `a${i + 1}: &a${i + 1} {x: *a${i}}\n`).join('')}`,
      'deep',
    ],
    ['keys', Array.from({ length: 60_000 }, (_, i) => `k${i}: 1`).join('\n'), 'keys and values'],
    ['documents', '---\n'.repeat(1100), 'documents'],
    ['errors', ']'.repeat(100_000), 'unexpected'],
    ['expansion', bomb(9), 'keys and values'],
    ['aliases', `a: &a 1\nb: [${Array(1001).fill('*a').join()}]`, 'aliases'],
  ])('refuses too much: %s', (_name, text, words) => {
    const { documents, problems } = parse(text);
    expect(documents).toEqual([]);
    expect(problems[0]?.code).toBe('OC001');
    expect(problems[0]?.message).toContain(words);
  });

  it('allows what is just within them', () => {
    const limits = { ...defaultYamlLimits, maxDepth: 3, maxAliases: 1, maxNodes: 8 };
    expect(parseYaml(encode('a: &x [b]\nc: *x\n'), 'f.yaml', limits).problems).toEqual([]);
    expect(parseYaml(encode('a: &x [b]\nc: *x\nd: 1\n'), 'f.yaml', limits).problems).toHaveLength(1);
    expect(parseYaml(encode('a: [[[b]]]\n'), 'f.yaml', limits).problems).toHaveLength(1);
  });
});
