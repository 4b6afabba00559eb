import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { agentTypes } from '../../../src/agent-types/index.ts';
import type { ConfigNode } from '../../../src/model/index.ts';
import { typed } from '../manifests/typed.ts';

// merge.json holds what the collector's confmap (v1.65.0) makes of the layers.
interface Case {
  readonly name: string;
  readonly layers: readonly string[];
  readonly merged: unknown;
}

const cases = JSON.parse(readFileSync(new URL('./merge.json', import.meta.url), 'utf8')) as Case[];

function mergeAll(texts: readonly string[]): ConfigNode | undefined {
  const trees = texts.map((text, index) => {
    return agentTypes.otelcol.parse(new TextEncoder().encode(text), `${index + 1}.yaml`).tree;
  });
  if (trees.some((tree) => !tree)) return undefined;
  const layers = trees.map((tree) => ({ tree: tree!, lists: 'replace' as const, remove: [], at: tree!.at }));
  return agentTypes.otelcol.merge(layers).tree;
}

describe('merging as the collector does', () => {
  it('has a table of at least 40 cases', () => {
    expect(cases.length).toBeGreaterThanOrEqual(40);
  });

  it.each(cases)('$name', ({ layers, merged }) => {
    const tree = mergeAll(layers);
    expect(tree ? typed(tree) : ['error']).toEqual(merged);
  });
});
