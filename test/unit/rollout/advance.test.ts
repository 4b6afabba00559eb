import { describe, expect, it } from 'vitest';
import type { RolloutPolicy, RolloutState, UnitCounters } from '../../../src/model/index.ts';
import { defaultRollout, immediateRollout, startRollout } from '../../../src/rollout/index.ts';
import { advanceWith, minute, policyOf, startedAt, stateOf, targetOf } from '../../support/rollouts.ts';

const ten = { matched: 10, connected: 10, confirmable: 10 };
const begun = stateOf({ thresholds: [7], stepLimit: 1 });
const tenth = stateOf({ step: 1, thresholds: [7, 70], settledOnce: true });
const final = stateOf({ step: 2, thresholds: [7, 70, null], settledOnce: true });
const settled: Partial<UnitCounters> = { ...ten, inStep: 1, moved: 1, settledWell: 1, applied: 1 };
const canarySelector = {
  name: 'canaries',
  scope: { kind: 'selector', selector: { requirements: [] } },
  soakMs: 0,
  approval: false,
} as const;

describe('a rollout begins', () => {
  const fresh = startRollout('acme/edge', targetOf('b'), defaultRollout, startedAt);

  it('when an agent is connected, with the lowest of them as canary', () => {
    const candidates = { ...ten, candidates: 10, lowest: [3, 4, 5], lowestHealthy: 3 };
    const { state } = advanceWith(fresh, candidates);
    expect(state).toMatchObject({ step: 0, thresholds: [3], stepLimit: 1, version: fresh.version + 1 });
  });

  it('with a healthy canary where there is any, and whoever comes before it', () => {
    const candidates = { ...ten, candidates: 10, lowest: [3, 4, 5], lowestHealthy: 5 };
    expect(advanceWith(fresh, candidates).state).toMatchObject({ thresholds: [5], stepLimit: 3 });
  });

  it('not before: it waits', () => {
    expect(advanceWith(fresh, { matched: 10 }).state).toBe(fresh);
  });

  it('not while agents may still be on their way back after a start', () => {
    const some = { matched: 10, connected: 1, confirmable: 10, candidates: 1, lowest: [9] };
    expect(advanceWith(fresh, some, { inputs: { starting: true } }).state).toBe(fresh);
  });

  it('not while an after runs', () => {
    const inputs = { after: { kind: 'running', unit: 'gateway' } } as const;
    expect(advanceWith(fresh, { ...ten, lowest: [3] }, { inputs }).state).toBe(fresh);
  });

  it('at once, without steps, where it is immediate or a revert', () => {
    expect(startRollout('acme/edge', targetOf('b'), immediateRollout, 0)).toMatchObject({
      step: 0,
      direct: true,
    });
    const known = { lastGood: targetOf('a'), previousGood: targetOf('b') };
    expect(startRollout('acme/edge', targetOf('b'), defaultRollout, 0, known)).toMatchObject({
      step: 2,
      direct: true,
    });
  });
});

describe('a step passes', () => {
  it.each<[string, RolloutState, Partial<UnitCounters>, Partial<RolloutState>]>([
    ['when all in it have settled and one has settled well', begun, settled, { step: 1 }],
    ['not while one is in flight', begun, { ...settled, unsettled: 1 }, { step: 0 }],
    [
      'not before an agent has settled well in this rollout',
      begun,
      { ...ten, inStep: 1, held: 1 },
      { step: 0 },
    ],
    ['at once when it adds nobody', tenth, { ...ten, inStep: 1, settledWell: 1 }, { step: 2 }],
    ['even where who settled well is gone again', tenth, { ...ten, inStep: 1 }, { step: 2 }],
    ['with failures within the budget', tenth, { ...settled, inStep: 5, failed: 1 }, { step: 2 }],
    [
      'not before who failed is back on last good',
      tenth,
      { ...settled, inStep: 5, failed: 1, returning: 1 },
      { step: 1 },
    ],
    ['and the last one passes the rollout', final, settled, { phase: 'passed', unconfirmed: false }],
  ])('%s', (_name, state, counters, expected) => {
    expect(advanceWith(state, counters).state).toMatchObject(expected);
  });

  it('a selector step waits for a connected agent that it selects', () => {
    const policy = policyOf({ steps: [defaultRollout.steps[0]!, canarySelector] });
    const waiting = stateOf({ step: 1, thresholds: [7, null], settledOnce: true });
    expect(advanceWith(waiting, settled, { policy }).state.step).toBe(1);
    expect(advanceWith(waiting, { ...settled, inOwnStep: 1 }, { policy }).state.step).toBe(2);
  });

  it('never two at once, and not from counters of another version', () => {
    const { state } = advanceWith(begun, settled);
    expect(advanceWith(state, { ...settled, version: begun.version }).state).toBe(state);
  });

  it('only once approved, by an operator or a commit', () => {
    const [first, second] = defaultRollout.steps;
    const policy = policyOf({ steps: [first!, { ...second!, approval: true }] });
    const { step } = advanceWith(begun, settled, { policy }).state;
    expect(step).toBe(0);
    const inputs = { approved: new Set(['tenth']) };
    expect(advanceWith(begun, settled, { policy, inputs }).state.step).toBe(1);
    const approved = { ...begun, approved: ['tenth'] };
    expect(advanceWith(approved, settled, { policy }).state.step).toBe(1);
  });

  it('passing makes the target last good, and what was last good the one before', () => {
    const { state } = advanceWith(final, settled);
    expect(state).toMatchObject({
      lastGood: targetOf('b'),
      previousGood: targetOf('a'),
      endedAt: startedAt + minute,
    });
  });

  it('ends passed where no connected agent can ever confirm, and says so', () => {
    const { state } = advanceWith(begun, { matched: 3, connected: 3, cannotConfirm: 3 });
    expect(state).toMatchObject({ phase: 'passed', unconfirmed: true, step: 2 });
  });

  it('a canary that is gone before it settled is replaced by the next', () => {
    const { state } = advanceWith(begun, { ...ten, candidates: 10, lowest: [20], lowestHealthy: 20 });
    expect(state).toMatchObject({ thresholds: [20], stepLimit: 1, step: 0 });
  });

  it('a fleet that comes back does not widen a step: its threshold goes down', () => {
    const wide = stateOf({ thresholds: [900], stepLimit: 1 });
    const back = { ...ten, candidates: 10, inStep: 9, unsettled: 9, lowest: [1, 2, 3], lowestHealthy: 1 };
    expect(advanceWith(wide, back).state.thresholds).toEqual([1]);
    const moved = { ...back, moved: 1, inFlight: 1 };
    expect(advanceWith(wide, moved).state.thresholds).toEqual([-1]);
  });
});

describe('a rollout fails', () => {
  const failing = (state: RolloutState, counters: Partial<UnitCounters>, policy?: RolloutPolicy) =>
    advanceWith(state, { ...ten, inStep: 10, moved: 10, ...counters }, policy && { policy }).state;

  it.each<[string, RolloutState, Partial<UnitCounters>, Partial<RolloutPolicy['failure']>, string]>([
    ['at the first failure in the first step', begun, { failed: 1 }, {}, 'rolled-back'],
    ['not at one failure later: two per cent and at least one', tenth, { failed: 1 }, {}, 'running'],
    ['at the second of ten', tenth, { failed: 2 }, {}, 'rolled-back'],
    ['not at two of a hundred', tenth, { failed: 2, inStep: 100 }, {}, 'running'],
    ['at one more than maxFailed', tenth, { failed: 3 }, { maxFailed: 2 }, 'rolled-back'],
    [
      'by the stricter of two limits',
      tenth,
      { failed: 2 },
      { maxFailed: 5, maxFailedPercent: 2 },
      'rolled-back',
    ],
    [
      'at the first failed agent that no last good assigns',
      tenth,
      { failed: 1, failedFirstAdoption: 1 },
      { maxFailed: 9 },
      'rolled-back',
    ],
    ['not by lost agents up to a tenth of the step', tenth, { lost: 1 }, { maxFailed: 0 }, 'running'],
    ['by lost agents beyond a tenth', tenth, { lost: 2 }, { maxFailed: 1 }, 'rolled-back'],
    ['and pauses where the policy says so', begun, { failed: 1 }, { action: 'pause' }, 'failed'],
  ])('%s', (_name, state, counters, failure, expected) => {
    const { maxFailedPercent: percent, ...rest } = defaultRollout.failure;
    const merged =
      failure.maxFailed === undefined
        ? { ...rest, maxFailedPercent: percent ?? 2, ...failure }
        : { ...rest, ...failure };
    expect(failing(state, counters, policyOf({ failure: merged })).phase).toBe(expected);
  });

  it('without rolling back where there is nothing to go back to', () => {
    const { lastGood: _, ...first } = begun;
    expect(failing(first, { failed: 1, failedFirstAdoption: 1 })).toMatchObject({
      phase: 'failed',
      reason: '1 failed, with no last good to go back to',
    });
  });

  it('of last good itself without rolling back', () => {
    expect(failing({ ...begun, target: targetOf('a') }, { failed: 1 }).phase).toBe('failed');
  });

  it('immediate: at any failure, with nothing rolled back', () => {
    const state = startRollout('acme/edge', targetOf('b'), immediateRollout, startedAt, {
      lastGood: targetOf('a'),
    });
    expect(failing(state, { failed: 1 }, immediateRollout).phase).toBe('failed');
  });

  it('what a resume forgave does not fail it again', () => {
    expect(failing({ ...tenth, forgiven: 2 }, { failed: 2 }).phase).toBe('running');
  });
});

describe('the deadline', () => {
  const policy = policyOf({ deadlineMs: 60 * minute });
  const running = { ...tenth, clock: { spentMs: 0, since: startedAt } };
  const busy = { ...ten, inStep: 5, unsettled: 1, moved: 5 };

  it('is failure and pause, never rollback', () => {
    const { state } = advanceWith(running, busy, { policy, now: startedAt + 60 * minute });
    expect(state).toMatchObject({ phase: 'failed', reason: 'its deadline has passed' });
  });

  it('is when to wake', () => {
    const { wakeAt } = advanceWith(running, busy, { policy, now: startedAt + 10 * minute });
    expect(wakeAt).toBe(startedAt + 60 * minute);
  });

  it('stands still in a freeze', () => {
    const freeze = { from: startedAt + 10 * minute, to: startedAt + 100 * minute, reason: 'launch' };
    const inputs = { gate: { windows: [], freezes: [freeze] } };
    expect(advanceWith(running, busy, { policy, inputs, now: startedAt + 149 * minute }).state.phase).toBe(
      'running',
    );
    expect(advanceWith(running, busy, { policy, inputs, now: startedAt + 150 * minute }).state.phase).toBe(
      'failed',
    );
  });

  it('stands still in a pause', () => {
    const pause = { by: 'op', reason: 'look', at: 0 };
    const paused = advanceWith({ ...running, pause }, busy, { policy, now: startedAt + 10 * minute }).state;
    expect(paused.clock).toEqual({ spentMs: 10 * minute });
    const later = advanceWith(paused, busy, { policy, now: startedAt + 500 * minute }).state;
    expect(later.phase).toBe('running');
    const { pause: _, ...resumed } = later;
    expect(advanceWith(resumed, busy, { policy, now: startedAt + 500 * minute }).wakeAt).toBe(
      startedAt + 550 * minute,
    );
  });
});

describe('after', () => {
  it('fails with a failed one, offers nothing, and goes on when that has passed', () => {
    const blocked = advanceWith(begun, settled, { inputs: { after: { kind: 'failed', unit: 'gateway' } } });
    expect(blocked.state).toMatchObject({
      phase: 'blocked',
      reason: 'waits for gateway, which failed (after)',
    });
    expect(blocked.events).toMatchObject([{ kind: 'blocked' }]);
    expect(advanceWith(blocked.state, settled).state).toMatchObject({ phase: 'running', step: 1 });
  });
});
