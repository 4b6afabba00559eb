import { describe, expect, it } from 'vitest';
import {
  type AgentFacts,
  counterBit,
  countersOf,
  createRegistry,
  type RosterEntry,
} from '../../../src/fleet/index.ts';
import type { Delivery } from '../../../src/model/index.ts';
import { agentOf, uidOf } from '../../support/agents.ts';
import fc from '../../support/property.ts';

const deliveries = [
  'unmanaged',
  'conflict',
  'held',
  'offered',
  'applying',
  'applied',
  'failed',
  'unacknowledged',
  'pending',
] as const satisfies readonly Delivery[];

const anyEntry: fc.Arbitrary<RosterEntry> = fc
  .record({
    number: fc.integer({ min: 1, max: 12 }),
    tenant: fc.constantFrom('acme', 'globex'),
    config: fc.constantFrom('edge', 'gateway', undefined),
    delivery: fc.constantFrom(...deliveries),
    connected: fc.boolean(),
    transport: fc.constantFrom('ws', 'http'),
    drifted: fc.boolean(),
    wrongConfig: fc.boolean(),
    settled: fc.boolean(),
  })
  .map(({ number, tenant, config, transport, ...rest }) => {
    const facts: AgentFacts = {
      ...rest,
      config,
      takesPart: rest.connected,
      sync: 'Unknown',
      health: 'Unknown',
      cannotConfirm: false,
      reason: undefined,
    };
    return {
      agent: agentOf({ uid: uidOf(number), tenant, transport, connected: rest.connected }),
      assignment: { kind: 'unmanaged' },
      facts,
    };
  });

describe('registry', () => {
  it('keeps counters and indexes equal to a recount, whatever came and went', () => {
    const operation = fc.oneof(
      { weight: 4, arbitrary: anyEntry.map((entry) => ({ put: entry })) },
      { weight: 1, arbitrary: fc.integer({ min: 1, max: 12 }).map((number) => ({ remove: uidOf(number) })) },
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 60 }), (operations) => {
        const registry = createRegistry();
        for (const one of operations) {
          if ('put' in one) registry.put(one.put);
          else registry.remove(one.remove);
        }
        const all = [...registry.entries()];
        const aging = all.filter(({ agent }) => !agent.connected || agent.transport === 'http');
        expect(new Set(registry.aging())).toEqual(new Set(aging));
        for (const tenant of ['acme', 'globex']) {
          const own = all.filter(({ agent }) => agent.tenant === tenant);
          expect([...registry.ofTenant(tenant)]).toHaveLength(own.length);
          expect(registry.connectedIn(tenant)).toBe(own.filter(({ facts }) => facts.connected).length);
          for (const config of ['edge', 'gateway']) {
            const group = own.filter(({ facts }) => facts.config === config);
            expect([...registry.ofConfig(tenant, config)]).toHaveLength(group.length);
            const counts = registry.countsOf(tenant, config);
            for (const [name, count] of Object.entries(counts))
              expect(count, name).toBe(
                group.filter(({ facts }) => countersOf(facts) & counterBit[name as keyof typeof counterBit])
                  .length,
              );
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});
