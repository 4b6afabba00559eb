import { describe, expect, inject, it } from 'vitest';
import { agentTypes } from '../../src/agent-types/index.ts';
import { renderYaml } from '../../src/manifests/index.ts';
import type { ConfigNode, Difference } from '../../src/model/index.ts';
import fc from '../support/property.ts';
import { mergeCases } from './merge-cases.ts';
import { withCollector } from './support/collector.ts';

const otelcol = agentTypes.otelcol;
const at = { file: 'overlay.yaml', line: 1, column: 1 };
const encoder = new TextEncoder();

function parse(text: string, index: number): ConfigNode {
  const { tree, problems } = otelcol.parse(encoder.encode(text), `${index}.yaml`);
  expect(problems).toEqual([]);
  return tree!;
}

function merge(layers: readonly string[]): ConfigNode {
  const trees = layers.map(parse);
  return otelcol.merge(trees.map((tree) => ({ tree, lists: 'replace', remove: [], at }))).tree;
}

/** What the collector makes of the layers, and of our merge of them: both printed with every default. */
function printBoth(layers: readonly string[]): Promise<{ theirs: string; ours: string }> {
  return withCollector(inject('peers').collector, async ({ printConfig }) => {
    const [theirs, ours] = await Promise.all([printConfig(layers), printConfig([renderYaml(merge(layers))])]);
    return { theirs: theirs.output, ours: ours.output };
  });
}

describe('merge, against the collector’s own', () => {
  it.each(mergeCases)('$name', async ({ layers }) => {
    const { theirs, ours } = await printBoth(layers);
    expect(theirs).toMatch(/^connectors:/);
    expect(ours).toBe(theirs);
  });

  it('random layers', async () => {
    const setting = fc.constantFrom(
      'verbosity: basic',
      'verbosity: detailed',
      'sampling_initial: 3',
      'use_internal_logger: true',
    );
    const body = fc.oneof(
      fc.constantFrom('', '{}', 'null'),
      fc
        .uniqueArray(setting, { maxLength: 3, selector: (text) => text.split(':')[0] })
        .map((list) => `{${list.join(', ')}}`),
    );
    const exporters = fc.dictionary(fc.constantFrom('debug', 'debug/2', 'debug/3'), body, { maxKeys: 3 });
    const list = fc.uniqueArray(fc.constantFrom('debug', 'debug/2', 'debug/3'), { maxLength: 3 });
    const layer = fc
      .tuple(exporters, list, fc.constantFrom('traces', 'logs'))
      .map(([entries, used, signal]) =>
        [
          `exporters:${Object.keys(entries).length === 0 ? ' {}' : ''}`,
          ...Object.entries(entries).map(([id, text]) => `  ${id}: ${text}`),
          `service: {pipelines: {${signal}: {receivers: [nop], exporters: [${used.join(', ')}]}}}`,
        ].join('\n'),
      );
    await fc.assert(
      fc.asyncProperty(fc.array(layer, { minLength: 2, maxLength: 4 }), async (layers) => {
        const { theirs, ours } = await printBoth(layers);
        expect(theirs).toMatch(/^connectors:/);
        expect(ours).toBe(theirs);
      }),
      { numRuns: 60 },
    );
  });
});

/**
 * What a 0.159 collector leaves out of its own config although it follows it: the level of the debug exporter, the
 * switch of an optional section, and null, which it prints as the default that it stands for.
 */
function isLeftOut({ path, desired, effective }: Difference): boolean {
  if (desired === 'null') return true;
  return (
    effective === '(absent)' &&
    /^exporters::(?:debug(?:\/\w+)?::verbosity|\w+::sending_queue::enabled)$/.test(path)
  );
}

describe('the config that the collector prints, which is what its opamp extension reports', () => {
  it.each(mergeCases)('contains what it was given: $name', async ({ layers }) => {
    const { ours } = await printBoth(layers);
    const { verdict, differences } = otelcol.compare(merge(layers), ours);
    expect(differences.filter((difference) => !isLeftOut(difference))).toEqual([]);
    expect(['in-sync', 'drift']).toContain(verdict);
  });
});
