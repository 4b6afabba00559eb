import { describe, expect, it } from 'vitest';
import { createRenderer } from '../../../src/desired-state/index.ts';
import { parseYaml, toPlain } from '../../../src/manifests/index.ts';
import type { RenderResult, ScalarNode } from '../../../src/model/index.ts';
import fc from '../../support/property.ts';
import { config, tenant } from '../../unit/desired-state/tenants.ts';

const at = { file: 'vars.yaml', line: 1, column: 1 };
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }).filter((value) => !/\p{Cs}/u.test(value)),
  fc.stringMatching(/^[ \n\ta:#|>'"\-{}[\],&*!%@`\\$()]{0,10}$/),
);

function render(body: string, value: string, agentValue = ''): RenderResult {
  const scalar: ScalarNode = { kind: 'scalar', text: value, style: 'double', type: 'string', at };
  const owner = config({ vars: new Map([['x', scalar]]) });
  const renderer = createRenderer({ readBody: () => new TextEncoder().encode(body), maxCacheEntries: 1 });
  const agentVars = [['host.name', agentValue]] as const;
  const assigned = { kind: 'assigned', config: 'edge', overlays: [], agentVars, renderKey: 'k' } as const;
  return renderer.render(tenant([owner], { fleet: { agentVars: ['host.name'] } }), assigned);
}

function decode(result: RenderResult): unknown {
  if (result.kind === 'held') throw new Error(result.reason);
  return toPlain(parseYaml(result.config.files[0]!.body, 'out.yaml').documents[0]!);
}

describe('variables', () => {
  it('arrive as exactly the text that was declared, wherever they stand', () => {
    fc.assert(
      fc.property(text, (value) => {
        const body = 'a: $(vars.x)\nb: [pre-$(vars.x)-post]\nc: "$(vars.x)"\nd: |\n  $(vars.x)\n';
        expect(decode(render(body, value))).toEqual({
          a: value,
          b: [`pre-${value}-post`],
          c: value,
          d: `${value}\n`,
        });
      }),
      { numRuns: 500 },
    );
  });

  it('from agents never hold an expansion of the collector', () => {
    fc.assert(
      fc.property(text, (value) => {
        const doubled = value.replaceAll('$', '$$$$');
        const { a } = decode(render('a: $(agent.host.name)\n', '', doubled)) as { a: string };
        expect(a.replaceAll('$$', '')).not.toContain('$');
        expect(a.replaceAll('$$', '$')).toBe(value);
      }),
    );
  });
});
