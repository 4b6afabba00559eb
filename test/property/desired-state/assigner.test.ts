import { describe, expect, it } from 'vitest';
import { createAssigner } from '../../../src/desired-state/index.ts';
import type { AgentConfig, Labels } from '../../../src/model/index.ts';
import { matchSelector } from '../../../src/selectors/index.ts';
import fc from '../../support/property.ts';
import { config, overlay, selector, tenant } from '../../unit/desired-state/tenants.ts';

const lines = fc.constantFrom('', 'a=1', 'a!=1', 'a in (1,2)', 'b', '!b', 'b~1*', 'a=2,b=1');
const configs = fc
  .array(
    fc.record({
      line: lines,
      priority: fc.integer({ min: 0, max: 2 }),
      overlays: fc.array(lines, { maxLength: 3 }),
    }),
    {
      maxLength: 6,
    },
  )
  .map((parts) =>
    parts.map(({ line, priority, overlays }, index) =>
      config({
        name: `c${index}`,
        selector: selector(line),
        priority,
        overlays: overlays.map((when, position) => overlay({ name: `o${position}`, when: selector(when) })),
      }),
    ),
  );
const labels: fc.Arbitrary<Labels> = fc
  .dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2', '12'), { maxKeys: 3 })
  .map((plain) => new Map(Object.entries(plain)));

/** The rules of fleet-repo, written down as they are told. */
function assignNaively(candidates: readonly AgentConfig[], agent: Labels) {
  const matching = candidates.filter((candidate) => matchSelector(candidate.selector, agent));
  const highest = matching.filter((one) => matching.every((other) => other.priority <= one.priority));
  const [owner] = highest;
  if (!owner) return { kind: 'unmanaged' };
  if (highest.length > 1) return { kind: 'conflict', configs: highest.map(({ name }) => name) };
  const overlays = owner.overlays.flatMap(({ when }, index) => (matchSelector(when, agent) ? [index] : []));
  return { kind: 'assigned', config: owner.name, overlays };
}

describe('assignment', () => {
  it('is the naive definition', () => {
    fc.assert(
      fc.property(configs, labels, (candidates, agent) => {
        expect(createAssigner(tenant(candidates)).assign(agent, 0)).toMatchObject(
          assignNaively(candidates, agent),
        );
      }),
      { numRuns: 500 },
    );
  });
});
