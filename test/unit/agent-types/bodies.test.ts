import { describe, expect, it } from 'vitest';
import { agentTypes } from '../../../src/agent-types/index.ts';
import { nodeFrom, toPlain } from '../../../src/manifests/index.ts';
import { body } from './trees.ts';

const at = { file: 'edge.yaml', line: 3, column: 5 };

describe('an inline body', () => {
  it('is taken as a file with the same content is', () => {
    const plain = { 'processors::batch': { timeout: '5s' } };
    const inline = agentTypes.otelcol.accept(nodeFrom(plain, at)).tree!;
    expect(toPlain(inline)).toEqual(toPlain(body(JSON.stringify(plain))));
    const resource = { spec: { config: plain } };
    const accepted = agentTypes['otelcol-cr'].accept(nodeFrom(resource, at)).tree!;
    expect(toPlain(accepted)).toEqual(toPlain(body(JSON.stringify(resource), 'otelcol-cr')));
  });

  it('must be flat for an SDK', () => {
    const nested = agentTypes['edot-sdk'].accept(nodeFrom({ send_logs: { x: 1 } }, at));
    expect(nested).toMatchObject({ problems: [{ code: 'FR204', ...at }] });
    expect(agentTypes['edot-sdk'].accept(nodeFrom({ send_logs: true }, at)).tree).toBeDefined();
  });

  it('is no way to write a text for type raw', () => {
    expect(agentTypes.raw.accept(nodeFrom({ a: 1 }, at))).toMatchObject({
      problems: [{ code: 'OC001', ...at }],
    });
    expect(agentTypes.raw.accept(nodeFrom('text', at)).tree).toMatchObject({ text: 'text' });
  });

  it.each(['otelcol', 'otelcol-cr', 'edot-sdk'] as const)('must be a map for %s', (type) => {
    expect(agentTypes[type].accept(nodeFrom([1], at))).toMatchObject({ problems: [{ code: 'OC001' }] });
    expect(agentTypes[type].accept(nodeFrom(null, at)).tree).toMatchObject({ kind: 'map', entries: [] });
  });
});

describe('settings of an EDOT SDK', () => {
  const check = (text: string) => agentTypes['edot-sdk'].check?.(body(text, 'edot-sdk'), 'elastic') ?? [];

  it.each([
    'logging_level: debug',
    'logging_level: "off"',
    'sampling_rate: 0.25',
    'sampling_rate: "1"',
    'send_traces: false\nsend_metrics: "true"\nsend_logs: true',
    'deactivate_all_instrumentations: true',
    'deactivate_instrumentations: http, pg',
    'opamp_polling_interval: 1m30s',
    'sampling_rate: $(agent.rate)',
  ])('%j is fine', (text) => {
    expect(check(text)).toEqual([]);
  });

  it.each([
    ['logging_level: loud', 'one of trace'],
    ['logging_level: INFO', 'one of trace'],
    ['sampling_rate: 1.5', 'from 0 to 1'],
    ['sampling_rate: -0.5', 'from 0 to 1'],
    ['send_logs: yes', 'true or false'],
    ['opamp_polling_interval: 30', 'a duration'],
    ['opamp_polling_interval: 0s', 'a duration'],
  ])('%j is refused', (text, needs) => {
    const problems = check(text);
    expect(problems).toMatchObject([{ code: 'FR213', severity: 'error', line: 1 }]);
    expect(problems[0]?.message).toContain(needs);
  });

  it('that no SDK knows is a warning', () => {
    expect(check('sample_rate: 1')).toMatchObject([
      { code: 'FR212', severity: 'warning', line: 1, column: 1 },
    ]);
  });
});

describe('layers of type raw', () => {
  it('have no paths to remove', () => {
    const tree = body('x', 'raw');
    const layer = { tree, lists: 'replace', remove: [], at } as const;
    const { problems } = agentTypes.raw.merge([layer, { ...layer, remove: ['a::b'] }]);
    expect(problems).toMatchObject([{ code: 'FR203', ...at }]);
  });
});
