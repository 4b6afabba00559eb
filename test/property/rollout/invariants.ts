import { expect } from 'vitest';
import type { RolloutState, UnitCounters } from '../../../src/model/index.ts';
import {
  type advance,
  brokenBudget,
  contributionOf,
  createUnitTally,
  finalStep,
  findLedgerEntry,
  findStanding,
  timeHold,
} from '../../../src/rollout/index.ts';
import { caseOf, type OnOffer, type SimFleet, totals } from './sim-fleet.ts';

/** What must hold of every single offer. */
export const checkOffer: OnOffer = (sim, agent, one, standing, decision) => {
  if (decision.kind !== 'offer') return;
  const { state } = one;
  const { hash } = decision.bytes;
  const known = one.agent;
  const reported = known.remoteConfigStatus;
  const tells = `${agent.uid} as ${decision.as} in ${state.phase} step ${state.step}`;
  const isRetry = reported?.state === 'failed' && (known.statusHashAt ?? 0) < state.ledgerFrom;
  if (reported?.hash === hash) expect(isRetry, `a reported hash is not sent: ${tells}`).toBe(true);
  if (sim.stop)
    expect(decision.takesSlot || decision.as !== 'last-good', `stop lets only (b) out: ${tells}`).toBe(false);
  if (decision.as !== 'pin')
    expect(
      findLedgerEntry(known, hash, state.ledgerFrom),
      `a failed hash is not offered: ${tells}`,
    ).toBeUndefined();
  if (decision.as === 'target') {
    expect(['running', 'passed'], `only an open rollout offers its target: ${tells}`).toContain(state.phase);
    expect(state.pin, `a pin takes the place of the target: ${tells}`).toBeUndefined();
    expect(timeHold(sim.inputs.gate, sim.now), `a freeze holds the target: ${tells}`).toBeUndefined();
    expect(sim.inputs.after.kind, `an after holds the target: ${tells}`).toBe('passed');
    expect(state.pause, `a pause holds the target: ${tells}`).toBeUndefined();
    expect(standing.turn, `nobody before its step: ${tells}`).not.toBeUndefined();
  }
  if (one.target && reported?.hash === one.target.hash && hash !== one.target.hash)
    expect(
      decision.as === 'pin' ||
        state.phase === 'rolled-back' ||
        state.phase === 'aborted' ||
        standing.judgement.kind === 'failed',
      `off the target only by rollback, abort or pin: ${tells}`,
    ).toBe(true);
  if (decision.takesSlot)
    expect(sim.tally.counts().inFlight, `never more than maxInFlight: ${tells}`).toBeLessThan(
      sim.policy.maxInFlight,
    );
  if (decision.as === 'target' && decision.takesSlot && state.phase === 'running')
    expect(sim.tally.counts().moved, `never more than the step may move: ${tells}`).toBeLessThan(
      state.stepLimit ?? Number.POSITIVE_INFINITY,
    );
};

/** What must hold of every move of the leader. */
export function checkMove(
  before: RolloutState,
  counters: UnitCounters | undefined,
  sim: SimFleet,
  after: ReturnType<typeof advance>,
): void {
  const { state } = after;
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
  if (state.version !== before.version) expect(state.version).toBeGreaterThan(before.version);
  if (state.startedAt === before.startedAt && !state.unconfirmed && state.target === before.target)
    expect(state.step - before.step, 'one step at a time').toBeLessThanOrEqual(1);
  if (
    state.step > before.step &&
    before.step >= 0 &&
    !state.unconfirmed &&
    state.startedAt === before.startedAt
  )
    expect(counters?.unsettled, 'a step is entered when the one before has settled').toBe(0);
  const entered = sim.policy.steps[state.step];
  if (state.step > before.step && entered?.approval && !state.direct && !state.unconfirmed)
    expect(state.approved, 'a step that wants approval is entered when it was approved').toContain(
      entered.name,
    );
  if (state.phase === 'passed' && before.phase === 'running') {
    expect(before.step === finalStep(sim.policy) || state.unconfirmed, 'passes after the last step').toBe(
      true,
    );
    if (!state.unconfirmed) expect(state.settledOnce, 'bytes that nobody ran are never last good').toBe(true);
  }
  const isCurrent = counters?.version === state.version;
  if (isCurrent && state.phase === 'running' && !state.pin)
    expect(brokenBudget(state, sim.policy, counters), 'the budget holds while it runs').toBeUndefined();
  for (const [index, threshold] of state.thresholds.entries())
    if (threshold !== null && index < state.step) {
      const later = state.thresholds.slice(index + 1).filter((next) => next !== null);
      for (const next of later) expect(next, 'step n covers step n − 1').toBeGreaterThanOrEqual(threshold);
    }
}

/** Counters kept agent by agent are those counted from scratch. */
export function checkCounters(sim: SimFleet): void {
  const counted = totals(sim);
  if (!counted) return;
  const whole = createUnitTally();
  for (const agent of sim.agents) {
    if (!agent.known) continue;
    const one = caseOf(sim, agent);
    whole.move(undefined, agent.contribution ?? contributionOf(one, findStanding(one)));
  }
  expect(counted).toEqual(whole.counters(sim.state.version));
}
