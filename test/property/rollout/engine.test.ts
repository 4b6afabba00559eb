import { describe, expect, it } from 'vitest';
import {
  canAcknowledge,
  describeRollout,
  resumeRollout,
  runsBytes,
  unpinRollout,
} from '../../../src/rollout/index.ts';
import fc from '../../support/property.ts';
import { checkOffer } from './invariants.ts';
import { anyPolicy, anySpec } from './policies.ts';
import { anyEvents, happen, round, tick } from './random-events.ts';
import {
  caseOf,
  createSim,
  hashOfKey,
  minute,
  reconnect,
  report,
  type SimFleet,
  totals,
} from './sim-fleet.ts';

/** `MUSTER_PROPERTY_RUNS` for longer runs, as every night. */
const numRuns = Number(process.env.MUSTER_PROPERTY_RUNS ?? 40);
const timeout = 60_000 + numRuns * 1_000;
const anySpecs = fc.array(anySpec, { minLength: 1, maxLength: 10 });
const anyStart = fc.constantFrom('a0', 'a0', undefined);

/** Everybody comes back, every hold is let go, and hours pass. */
function calmDown(sim: SimFleet): void {
  sim.stop = false;
  sim.inputs = { ...sim.inputs, isHeld: false, after: { kind: 'passed' } };
  const { pause: _, ...unpaused } = sim.state;
  sim.state = unpinRollout(unpaused, sim.policy, sim.now);
  if (sim.state.phase === 'failed') sim.state = resumeRollout(sim.state, sim.tally.counts().failed, sim.now);
  for (const agent of sim.agents) {
    if (agent.spec.behaviour === 'flapping') agent.healthy = true;
    if (!agent.up) reconnect(sim, agent, false);
    else report(sim, agent);
  }
  for (let turn = 0; turn < 60; turn += 1) {
    tick(sim, 4 * minute);
    round(sim, true);
  }
}

function checkEnd(sim: SimFleet): void {
  const { state, policy } = sim;
  const counters = totals(sim);
  if (!counters) throw new Error('not everybody has been counted');
  const { text } = describeRollout(state, policy, counters);
  if (state.phase === 'running') {
    expect(text, JSON.stringify({ state, counters })).toMatch(/wait|no agents match|held/);
    return;
  }
  for (const agent of sim.agents) {
    if (!agent.up || !agent.known?.connected) continue;
    const one = caseOf(sim, agent);
    const tells = `${agent.uid} ${JSON.stringify(agent.spec)} after ${state.phase}: ${text}`;
    const hasFailed = one.agent.failedHashes.some(({ hash }) => hash === one.target?.hash);
    if (state.phase === 'passed' && canAcknowledge(one.agent))
      expect(runsBytes(one.agent, one.target) || hasFailed, tells).toBe(true);
    const failedLastGood = one.agent.failedHashes.some(({ hash }) => hash === one.lastGood?.hash);
    const wentBack = state.phase === 'rolled-back' || state.phase === 'aborted';
    if (wentBack && one.lastGood && canAcknowledge(one.agent) && !failedLastGood)
      expect(agent.runs === '' ? '' : hashOfKey(agent.runs), tells).toBe(one.lastGood.hash);
  }
}

describe.each([
  ['configs', numRuns],
  // The engine is the same: what these look for is how packages are seen by it.
  ['packages', Math.ceil(numRuns / 3)],
] as const)('a simulated fleet under random events, %s', (subject, runs) => {
  it(
    'keeps every promise of a rollout at every offer and every move, and ends or waits for a named thing',
    () => {
      fc.assert(
        fc.property(
          anyPolicy,
          anySpecs,
          anyStart,
          anySpec,
          anyEvents,
          (policy, specs, lastGood, spare, events) => {
            const sim = createSim(policy, specs, lastGood, checkOffer, subject);
            for (const agent of sim.agents) report(sim, agent);
            for (const event of events) happen(sim, event, spare);
            calmDown(sim);
            checkEnd(sim);
          },
        ),
        { numRuns: runs, endOnFailure: numRuns > 100 },
      );
    },
    timeout,
  );
});
