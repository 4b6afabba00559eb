import { describe, expect, it } from 'vitest';
import { unitCountBit, unitCountNames } from '../../../src/model/index.ts';
import { createUnitTally, emptyCounters, orderOf, orderSpace } from '../../../src/rollout/index.ts';
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
  const anyNames = fc
    .subarray(Object.values(unitCountBit))
    .map((bits) => bits.reduce((set, bit) => set | bit, 0));
  const contribution = fc.record({
    counts: anyNames,
    candidate: fc.record({ order: fc.nat(1_000).map((part) => part * 2 ** 37), healthy: fc.boolean() }),
  });
  const contributions = fc.uniqueArray(contribution, {
    selector: ({ candidate }) => candidate.order,
    maxLength: 200,
  });

  it('that agents came to, changed in and left counts as if only the others had ever been', () => {
    const fate = fc.infiniteStream(fc.record({ stays: fc.boolean(), began: fc.option(contribution) }));
    fc.assert(
      fc.property(contributions, fate, (all, fates) => {
        const tally = createUnitTally();
        const fresh = createUnitTally();
        const kept = all.filter((one) => {
          const { stays, began } = fates.next().value;
          // What it was before may be of another order, but not of one that another agent has.
          const first = began && {
            ...began,
            candidate: { ...one.candidate, healthy: began.candidate.healthy },
          };
          if (first) tally.move(undefined, first);
          tally.move(first ?? undefined, one);
          if (!stays) tally.move(one, undefined);
          return stays;
        });
        for (const one of kept) fresh.move(undefined, one);
        expect(tally.counters(7)).toEqual(fresh.counters(7));
        const orders = kept.map(({ candidate }) => candidate.order).sort((a, b) => a - b);
        expect(tally.counters(7).lowest).toEqual(orders.slice(0, 128));
        const healthy = kept
          .filter(({ candidate }) => candidate.healthy)
          .map(({ candidate }) => candidate.order);
        const lowest = healthy.length > 0 ? Math.min(...healthy) : undefined;
        expect(tally.counters(7).lowestHealthy).toBe(lowest);
      }),
    );
  });

  it('counts an agent under each of its names, and is told of what it is no candidate any more', () => {
    const tally = createUnitTally();
    const candidate = { order: 2 ** 40, healthy: true };
    tally.move(undefined, { counts: unitCountBit.matched | unitCountBit.candidates, candidate });
    expect(tally.counters(1)).toMatchObject({ matched: 1, candidates: 1, lowest: [2 ** 40] });
    tally.move(
      { counts: unitCountBit.matched | unitCountBit.candidates, candidate },
      { counts: unitCountBit.moved },
    );
    expect(tally.counters(1)).toEqual({ ...emptyCounters(1), moved: 1 });
  });

  it('knows every name by its bit', () => {
    const { version, lowest, ...plain } = emptyCounters(0);
    expect([...unitCountNames].sort()).toEqual(Object.keys(plain).sort());
    for (const [index, name] of unitCountNames.entries()) expect(unitCountBit[name]).toBe(2 ** index);
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
