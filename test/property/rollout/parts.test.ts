import { describe, expect, it } from 'vitest';
import { createUnitTally, orderOf, orderSpace } from '../../../src/rollout/index.ts';
import fc from '../../support/property.ts';
import { anyPolicy, anySpec } from './policies.ts';
import {
  type Bytes,
  caseOf,
  createSim,
  hashOfKey,
  lead,
  recountAll,
  report,
  type SimFleet,
  second,
  serve,
  totals,
  work,
} from './sim-fleet.ts';

describe('order', () => {
  it('is the same wherever it is computed, lies in its space, and differs by each of its parts', () => {
    const name = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
    fc.assert(
      fc.property(name, name, fc.uuid(), name, (rollout, config, uid, other) => {
        const order = orderOf(rollout, config, uid);
        expect(orderOf(rollout, config, uid)).toBe(order);
        expect(Number.isSafeInteger(order) && order >= 0 && order < orderSpace).toBe(true);
        fc.pre(other !== config && other !== rollout);
        expect(orderOf(rollout, other, uid)).not.toBe(order);
        expect(orderOf(other, config, uid)).not.toBe(order);
      }),
    );
  });

  it('spreads agents evenly: a tenth of the space holds about a tenth of them', () => {
    const orders = Array.from({ length: 10_000 }, (_, index) => orderOf('careful', 'edge', `uid-${index}`));
    const tenth = orders.filter((order) => order < orderSpace / 10).length;
    expect(tenth).toBeGreaterThan(900);
    expect(tenth).toBeLessThan(1_100);
  });
});

describe('a tally', () => {
  const contribution = fc.record({
    counts: fc.subarray(['matched', 'connected', 'inFlight', 'failed', 'candidates'] as const),
    candidate: fc.record({ order: fc.nat(1_000).map((part) => part * 2 ** 37), healthy: fc.boolean() }),
  });
  const contributions = fc.uniqueArray(contribution, {
    selector: ({ candidate }) => candidate.order,
    maxLength: 200,
  });

  it('that had agents added and removed counts as if only the others had ever been', () => {
    fc.assert(
      fc.property(contributions, fc.infiniteStream(fc.boolean()), (all, stays) => {
        const kept = all.filter(() => stays.next().value);
        const tally = createUnitTally();
        const fresh = createUnitTally();
        for (const one of all) tally.add(one);
        for (const one of all) if (!kept.includes(one)) tally.remove(one);
        for (const one of kept) fresh.add(one);
        expect(tally.counters(7)).toEqual(fresh.counters(7));
        const orders = kept.map(({ candidate }) => candidate.order).sort((a, b) => a - b);
        expect(tally.counters(7).lowest).toEqual(orders.slice(0, 128));
      }),
    );
  });
});

describe('the order of reports', () => {
  /** Everybody works and reports once, in the given order; the leader moves when all have. */
  function turn(sim: SimFleet, order: readonly number[]): void {
    sim.now += 31 * second;
    const agents = order.flatMap((index) => sim.agents[index] ?? []);
    for (const agent of agents) work(sim, agent, true);
    for (const agent of agents) report(sim, agent);
    lead(sim);
    recountAll(sim);
    for (const agent of agents) serve(sim, agent);
  }

  it('changes neither what is offered nor how the rollout moves', () => {
    const specs = fc.array(anySpec, { minLength: 2, maxLength: 8 });
    fc.assert(
      fc.property(anyPolicy, specs, fc.infiniteStream(fc.nat()), (policy, all, random) => {
        const free = { ...policy, maxInFlight: 1_000 };
        const offers: string[][] = [[], []];
        const sims = offers.map((log) =>
          createSim(free, all, 'a0', (sim, agent, _one, _standing, decision) => {
            if (decision.kind === 'offer')
              log.push(`${sim.now} ${agent.uid} ${(decision.bytes as Bytes).hash}`);
          }),
        );
        const indexes = all.map((_, index) => index);
        for (let round = 0; round < 25; round += 1) {
          const shuffled = indexes
            .map((index) => ({ index, key: random.next().value }))
            .sort((a, b) => a.key - b.key)
            .map(({ index }) => index);
          turn(sims[0] as SimFleet, indexes);
          turn(sims[1] as SimFleet, shuffled);
          expect(sims[1]?.state).toEqual(sims[0]?.state);
          expect(totals(sims[1] as SimFleet)).toEqual(totals(sims[0] as SimFleet));
        }
        expect(offers[1]?.sort()).toEqual(offers[0]?.sort());
      }),
      { numRuns: 60 },
    );
  });
});

describe('failures within the budget', () => {
  it('go back to last good one by one, and the rollout goes on', () => {
    fc.assert(
      fc.property(
        anyPolicy,
        fc.integer({ min: 3, max: 8 }),
        fc.integer({ min: 1, max: 2 }),
        (policy, good, sick) => {
          const patient = {
            ...policy,
            steps: [{ name: 's0', scope: { kind: 'count' as const, count: 1 }, soakMs: 0, approval: false }],
            failure: { ...policy.failure, maxFailed: sick },
            deadlineMs: 10_000_000_000,
          };
          const spec = { transport: 'ws', capabilities: 'full', ring: 'prod' } as const;
          const specs = Array.from({ length: good + sick }, () => ({ ...spec, behaviour: 'good' as const }));
          const sim = createSim(patient, specs, 'a0', () => {});
          const byOrder = [...sim.agents].sort(
            (a, b) => orderOf('careful', 'edge', a.uid) - orderOf('careful', 'edge', b.uid),
          );
          // The canary is well; those that follow are the sick.
          for (const agent of byOrder.slice(1, 1 + sick)) agent.spec = { ...spec, behaviour: 'sick' };
          for (let round = 0; round < 80 && sim.state.phase === 'running'; round += 1) {
            sim.now += 60 * second;
            for (const agent of sim.agents) {
              work(sim, agent, true);
              report(sim, agent);
            }
            lead(sim);
            recountAll(sim);
            for (const agent of sim.agents) serve(sim, agent);
          }
          expect(sim.state.phase).toBe('passed');
          expect(sim.agents.filter(({ runs }) => hashOfKey(runs) === hashOfKey('a0'))).toHaveLength(sick);
          expect(caseOf(sim, sim.agents[0] as (typeof sim.agents)[0]).lastGood?.hash).toMatch(/^b0/);
        },
      ),
      { numRuns: 40 },
    );
  });
});
