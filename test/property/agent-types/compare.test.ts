import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { agentTypes } from '../../../src/agent-types/index.ts';
import { walk } from '../../../src/manifests/index.ts';
import type { ConfigNode } from '../../../src/model/index.ts';
import fc from '../../support/property.ts';

const folder = new URL('../../golden/agent-types/effective/', import.meta.url);
const records = readdirSync(folder).flatMap((file) => {
  const [, name = '', version = ''] = /^(\w+)\.(\d+\.\d+)\.yaml$/.exec(file) ?? [];
  return version === '' ? [] : [{ name, file }];
});
const { otelcol } = agentTypes;

function parse(file: string): ConfigNode {
  const { tree } = otelcol.parse(readFileSync(new URL(file, folder)), file);
  if (!tree) throw new Error(`${file} does not parse`);
  return tree;
}

/** Paths of settings: everything below a component's name, and no item of a list, whose place counts. */
function settingsOf(tree: ConfigNode): readonly string[] {
  const paths: string[] = [];
  walk(tree, (_node, path) => {
    if (path.some((key) => typeof key === 'number')) return 'skip';
    if (path.length > 2 && path[0] !== 'service') paths.push(path.join('::'));
    return undefined;
  });
  return paths;
}

function without(node: ConfigNode, dropped: ReadonlySet<string>, path: readonly string[] = []): ConfigNode {
  if (node.kind !== 'map') return node;
  const entries = node.entries.flatMap(({ key, value }) => {
    const below = [...path, key.text];
    return dropped.has(below.join('::')) ? [] : [{ key, value: without(value, dropped, below) }];
  });
  return { ...node, entries };
}

describe.each(records)('a report recorded from a collector ($file)', ({ name, file }) => {
  const desired = parse(`${name}.desired.yaml`);
  const report = readFileSync(new URL(file, folder), 'utf8');

  it('contains whatever desires less', () => {
    const dropped = fc.subarray([...settingsOf(desired)]);
    fc.assert(
      fc.property(dropped, (paths) => {
        expect(otelcol.compare(without(desired, new Set(paths)), report)).toEqual({
          verdict: 'in-sync',
          differences: [],
        });
      }),
      { numRuns: 30 },
    );
  });

  it('is judged alike once it is redacted, and again when that is redacted', () => {
    const once = otelcol.redact(report, { desired, open: desired }).text;
    const twice = otelcol.redact(once, { desired, open: desired }).text;
    expect(twice).toBe(once);
    expect(otelcol.compare(desired, once).verdict).toBe('in-sync');
  });

  it('is a wrong config without any one of its pipelines', () => {
    const pipelines = desiredPipelines(desired);
    expect(pipelines).not.toEqual([]);
    for (const pipeline of pipelines) {
      const lacking = without(parse(file), new Set([`service::pipelines::${pipeline}`]));
      const verdict = otelcol.compare(desired, otelcol.render(lacking));
      const reason = pipelines.length > 1 ? `pipeline ${pipeline} is missing` : 'runs no pipeline';
      expect(verdict, pipeline).toMatchObject({ verdict: 'wrong-config', reason });
    }
  });
});

function desiredPipelines(tree: ConfigNode): readonly string[] {
  const names: string[] = [];
  walk(tree, (_node, path) => {
    if (path.length === 3 && path[0] === 'service' && path[1] === 'pipelines') names.push(String(path[2]));
    return undefined;
  });
  return names;
}
