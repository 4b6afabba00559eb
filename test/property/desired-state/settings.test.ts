import { expect, it } from 'vitest';
import { createSettingsAssigner } from '../../../src/desired-state/index.ts';
import { type CanonicalValue, canonicalText } from '../../../src/desired-state/settings/canonical-text.ts';
import { matchSelector } from '../../../src/selectors/index.ts';
import fc from '../../support/property.ts';
import { connection } from '../../unit/desired-state/manifests.ts';
import { selector } from '../../unit/desired-state/tenants.ts';

const line = fc.constantFrom('', 'role=edge', 'role in (edge,gateway)', '!os.type', 'os.type', 'role!=edge');
const labels = fc.dictionary(fc.constantFrom('role', 'os.type'), fc.constantFrom('edge', 'gateway', 'linux'));

it('a match is the one with the highest priority of all that match, however many there are', () => {
  const manifests = fc.array(fc.record({ line, priority: fc.integer({ min: 0, max: 3 }) }), { maxLength: 8 });
  fc.assert(
    fc.property(manifests, labels, (specs, agent) => {
      const connections = specs.map((spec, index) =>
        connection({ name: `c${index}`, selector: selector(spec.line), priority: spec.priority }),
      );
      const known = new Map(Object.entries(agent));
      const matching = connections.filter((one) => matchSelector(one.selector, known));
      const highest = Math.max(...matching.map(({ priority }) => priority));
      const owners = matching.filter(({ priority }) => priority === highest).map(({ name }) => name);
      const match = createSettingsAssigner({ connections, packages: [] }).connection(known);
      const names =
        match.kind === 'one' ? [match.manifest.name] : match.kind === 'conflict' ? match.names : [];
      expect(names).toEqual(owners);
    }),
  );
});

const value: fc.Arbitrary<CanonicalValue> = fc.letrec<{ value: CanonicalValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string({ unit: fc.constantFrom('a', ':', '1', ';', 'é', 's1:a', 'n') }),
    fc.integer({ min: 0, max: 99 }),
    fc.boolean(),
    fc.constant(undefined),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
})).value;

it('what is hashed is one text for one value and another for any other', () => {
  fc.assert(
    fc.property(value, value, (a, b) => {
      const same = JSON.stringify([a], keepUndefined) === JSON.stringify([b], keepUndefined);
      expect(canonicalText(a) === canonicalText(b)).toBe(same);
    }),
    { numRuns: 2_000 },
  );
});

function keepUndefined(_key: string, member: unknown): unknown {
  return member === undefined ? { absent: true } : member;
}
