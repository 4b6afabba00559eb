import { describe, expect, it } from 'vitest';
import { agentTypes, listProvenance } from '../../../src/agent-types/index.ts';
import { getPath, toPlain } from '../../../src/manifests/index.ts';
import { layerAt } from '../../support/layer-at.ts';
import { body } from './trees.ts';

interface Part {
  readonly text: string;
  readonly lists?: 'append';
  readonly remove?: readonly string[];
}

function merge(...parts: readonly (string | Part)[]) {
  const layers = parts.map((part, index) => {
    const { text, lists = 'replace', remove = [] } = typeof part === 'string' ? { text: part } : part;
    const tree = body(text, 'otelcol', `${index + 1}.yaml`);
    return { tree, lists, remove, at: tree.at } as const;
  });
  return agentTypes.otelcol.merge(layers);
}

const base = `
exporters: {debug: {}, otlp: {endpoint: "a:1", tls: {insecure: true}}}
service:
  extensions: [a]
  pipelines:
    logs: {receivers: [r], processors: [p], exporters: [debug]}
`;

describe('lists: append', () => {
  it.each([
    ['service::extensions', '{service: {extensions: [b, a]}}', ['a', 'b']],
    [
      'service::pipelines::logs::receivers',
      '{service: {pipelines: {logs: {receivers: [s, r, s]}}}}',
      ['r', 's'],
    ],
    [
      'service::pipelines::logs::exporters',
      '{service: {pipelines: {logs: {exporters: [otlp]}}}}',
      ['debug', 'otlp'],
    ],
    ['service::pipelines::logs::processors', '{service: {pipelines: {logs: {processors: [q]}}}}', ['q']],
  ])('%s', (path, text, expected) => {
    const { tree } = merge(base, { text, lists: 'append' });
    expect(toPlain(getPath(tree, path)!)).toEqual(expected);
  });

  it('replaces where it is not asked for', () => {
    expect(
      toPlain(getPath(merge(base, '{service: {extensions: [b]}}').tree, 'service::extensions')!),
    ).toEqual(['b']);
  });

  it('covers no other list, and no list at a like-named place', () => {
    const { tree } = merge('{a: [1], receivers: {x: {receivers: [1]}}}', {
      text: '{a: [2], receivers: {x: {receivers: [2]}}}',
      lists: 'append',
    });
    expect(toPlain(tree)).toEqual({ a: [2], receivers: { x: { receivers: [2] } } });
  });

  it('makes the list where there was none', () => {
    const { tree } = merge('a: 1', { text: '{service: {extensions: [b]}}', lists: 'append' });
    expect(toPlain(getPath(tree, 'service::extensions')!)).toEqual(['b']);
  });
});

describe('remove', () => {
  it('deletes before its own layer is merged', () => {
    const { tree, problems } = merge(base, {
      text: '{exporters: {otlp: {tls: {ca_file: x}}}}',
      remove: ['exporters::otlp::tls', 'service::extensions'],
    });
    expect(problems).toEqual([]);
    expect(toPlain(getPath(tree, 'exporters::otlp')!)).toEqual({ endpoint: 'a:1', tls: { ca_file: 'x' } });
    expect(getPath(tree, 'service::extensions')).toBeUndefined();
  });

  it.each(['exporters::otlp::nope', 'nope', 'exporters::otlp::endpoint::x', 'service::extensions::0', ''])(
    '"%s" names nothing',
    (path) => {
      const { tree, problems } = merge(base, { text: '{}', remove: [path] });
      expect(problems).toMatchObject([{ code: 'FR203', severity: 'error', file: '2.yaml', line: 1 }]);
      expect(toPlain(tree)).toEqual(toPlain(merge(base).tree));
    },
  );
});

describe('provenance', () => {
  const { tree, origin } = merge(
    base,
    '{exporters: {otlp: {endpoint: "b:2"}}}',
    { text: '{exporters: {debug: {verbosity: basic}}, service: {extensions: [c]}}', lists: 'append' },
    { text: '{exporters: {otlp: {tls: {ca_file: x}}}}', remove: ['exporters::otlp::tls'] },
  );

  it('names the layer of every value', () => {
    expect(
      Object.fromEntries(listProvenance(tree, origin, 4).map(({ path, layer }) => [path, layer])),
    ).toEqual({
      'exporters::debug::verbosity': 3,
      'exporters::otlp::endpoint': 2,
      'exporters::otlp::tls::ca_file': 4,
      'service::extensions::0': 1,
      'service::extensions::1': 3,
      'service::pipelines::logs::receivers::0': 1,
      'service::pipelines::logs::processors::0': 1,
      'service::pipelines::logs::exporters::0': 1,
    });
  });

  it('keeps the position of whoever set a value, its key included', () => {
    const otlp = getPath(tree, 'exporters::otlp');
    const endpoint =
      otlp?.kind === 'map' ? otlp.entries.find(({ key }) => key.text === 'endpoint') : undefined;
    expect(endpoint?.key.at).toMatchObject({ file: '2.yaml', line: 1 });
    expect(endpoint?.value.at).toMatchObject({ file: '2.yaml' });
    expect(listProvenance(tree, origin, 4)[0]).toMatchObject({ at: { file: '3.yaml' }, layers: 4 });
  });

  it('answers for inner nodes', () => {
    expect(layerAt(origin, [])).toBe(1);
    expect(layerAt(origin, ['exporters', 'otlp', 'tls'])).toBe(4);
  });
});

describe('order and errors', () => {
  it('keeps keys in the order of their first appearance', () => {
    const { tree } = merge('{b: 1, a: {y: 1, x: 1}}', '{a: {z: 1, x: 2}, c: 1, b: 2}');
    expect(JSON.stringify(toPlain(tree))).toBe('{"b":2,"a":{"y":1,"x":2,"z":1},"c":1}');
  });

  it('needs a layer', () => {
    expect(() => agentTypes.otelcol.merge([])).toThrow(RangeError);
    expect(() => agentTypes.raw.merge([])).toThrow(RangeError);
  });

  it('leaves its inputs as they are', () => {
    const lower = body(base);
    const before = JSON.stringify(lower);
    agentTypes.otelcol.merge([
      { tree: lower, lists: 'replace', remove: [], at: lower.at },
      { tree: body('{exporters: {otlp: {x: 1}}}'), lists: 'append', remove: ['service'], at: lower.at },
    ]);
    expect(JSON.stringify(lower)).toBe(before);
  });
});

describe('components', () => {
  it('are those that are defined, by kind and type', () => {
    const text =
      'receivers: {otlp: {}, otlp/2: {}, filelog: {}}\nexporters: {otlp: }\nconnectors: {}\nextensions: [x]\nservice: {}';
    expect(agentTypes.otelcol.components(body(text))).toEqual([
      'exporter/otlp',
      'receiver/filelog',
      'receiver/otlp',
    ]);
  });
});
