import { expect, it } from 'vitest';
import { listProvenance, readPipelines } from '../../../src/agent-types/index.ts';
import { describeRendering } from '../../../src/desired-state/index.ts';
import { parseYaml, renderYaml } from '../../../src/manifests/index.ts';
import type { ConfigNode } from '../../../src/model/index.ts';

const text = `receivers:
  otlp:
    protocols:
      grpc: {endpoint: localhost:4317}
processors:
  batch: {}
connectors:
  spanmetrics: {}
exporters:
  debug:
    note: |
      two
      lines
  otlp_http/eu: {headers: {x-api-key: hunter2}}
service:
  pipelines:
    traces: {receivers: [otlp], processors: [batch], exporters: [debug, spanmetrics]}
    metrics/spans: {receivers: [spanmetrics], exporters: [otlp_http/eu]}
`;
const read = (of: string) =>
  parseYaml(new TextEncoder().encode(of), 'collector.yaml').documents[0] as ConfigNode;
const tree = read(text);
const file = { key: '', contentType: '', tree, merged: tree, layers: [{ file: 'collector.yaml' }] };

it('reads pipelines, and which of them a connector joins', () => {
  expect(readPipelines(tree)).toMatchObject({
    pipelines: [
      { id: 'traces', receivers: ['otlp'], processors: ['batch'], exporters: ['debug', 'spanmetrics'] },
      { id: 'metrics/spans', receivers: ['spanmetrics'], processors: [], exporters: ['otlp_http/eu'] },
    ],
    connectors: [{ id: 'spanmetrics', from: ['traces'], to: ['metrics/spans'] }],
  });
  expect(readPipelines(read('receivers: {}'))).toBeUndefined();
  expect(readPipelines(read('service: {pipelines: [traces]}'))).toBeUndefined();
});

it('knows which lines of the shown text are a component, to the end of its last text', () => {
  const shown = renderYaml(tree);
  const { graph } = describeRendering({ ...file, origin: { layer: 1 } }, shown);
  const lines = shown.split('\n');
  const linesOf = (id: string) => {
    const place = graph?.components.find((one) => one.id === id);
    return lines.slice((place?.from ?? 1) - 1, place?.to);
  };
  expect(linesOf('otlp')).toEqual([
    '  otlp:',
    '    protocols:',
    '      grpc:',
    '        endpoint: localhost:4317',
  ]);
  expect(linesOf('debug')).toEqual(['  debug:', '    note: |', '      two', '      lines']);
});

it('says which layer set a line, though the text is masked', () => {
  const masked = renderYaml(tree).replace('hunter2', '"[REDACTED]"');
  const origin = { layer: 1, children: new Map([['processors', { layer: 2 }]]) };
  const { sources } = describeRendering(
    { ...file, origin, layers: [...file.layers, { file: 'b.yaml' }] },
    masked,
  );
  const lines = masked.split('\n');
  const at = (part: string) => sources.find(({ line }) => lines[line - 1]?.includes(part));
  expect(at('endpoint')).toMatchObject({ layer: 1, layers: 2, at: { file: 'collector.yaml', line: 4 } });
  expect(at('batch: {}')).toMatchObject({ layer: 2 });
  expect(at('x-api-key')).toMatchObject({ at: { line: 14 } });
  expect(sources.length).toBeLessThanOrEqual(listProvenance(tree, origin, 2).length);
});

it('finds the pipelines of a managed resource, and none in other text', () => {
  const resource = `spec:\n  config:\n${text.replace(/^/gm, '    ')}`;
  const own = { ...file, tree: read(resource), origin: { layer: 1 } };
  expect(describeRendering(own, resource).graph?.pipelines).toHaveLength(2);
  expect(describeRendering({ ...file, origin: { layer: 1 } }, '- a\n- b\n').graph).toBeNull();
});
