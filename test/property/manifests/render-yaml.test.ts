import { describe, expect, it } from 'vitest';
import { canonicalText, parseYaml, renderYaml } from '../../../src/manifests/index.ts';
import type { ConfigNode } from '../../../src/model/index.ts';
import fc from '../../support/property.ts';
import { configTrees } from './trees.ts';

function values(node: ConfigNode): unknown {
  if (node.kind === 'list') return node.items.map(values);
  if (node.kind === 'map') return { map: node.entries.map((entry) => [entry.key.text, values(entry.value)]) };
  return [node.type, canonicalText(node)];
}

describe('rendering', () => {
  it('is read back as the same keys in the same order and the same typed values', () => {
    fc.assert(
      fc.property(configTrees, (tree) => {
        const text = renderYaml(tree);
        const { documents, problems } = parseYaml(new TextEncoder().encode(text), 'f.yaml');
        expect(problems).toEqual([]);
        expect(values(documents[0]!)).toEqual(values(tree));
      }),
      { numRuns: 1000 },
    );
  });

  it('is stable: what was read back renders to the same bytes', () => {
    fc.assert(
      fc.property(configTrees, (tree) => {
        const once = renderYaml(
          parseYaml(new TextEncoder().encode(renderYaml(tree)), 'f.yaml').documents[0]!,
        );
        const twice = renderYaml(parseYaml(new TextEncoder().encode(once), 'f.yaml').documents[0]!);
        expect(twice).toBe(once);
      }),
      { numRuns: 300 },
    );
  });
});

describe('parsing', () => {
  it('answers any bytes with documents or problems, never both, never an exception', () => {
    const yamlish = fc.stringMatching(/^[ \n\ta-c1:#|>'"\-{}[\],&*!%?<]{0,60}$/);
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      yamlish.map((text) => new TextEncoder().encode(text)),
    );
    fc.assert(
      fc.property(bytes, (input) => {
        const { documents, problems } = parseYaml(input, 'f.yaml');
        expect(documents.length === 0).toBe(problems.length > 0);
        for (const problem of problems) expect(problem.line >= 1 && problem.column >= 1).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
