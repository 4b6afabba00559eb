import { describe, expect, it } from 'vitest';
import type { RolloutState } from '../../../src/model/index.ts';
import {
  abortRollout,
  approveStep,
  defaultRollout,
  expireActs,
  pauseRollout,
  pinRollout,
  resumeRollout,
  retryRollout,
  supersede,
  unpinRollout,
} from '../../../src/rollout/index.ts';
import { minute, startedAt, stateOf, targetOf } from '../../support/rollouts.ts';

const now = startedAt + 10 * minute;
const act = { by: 'ada', reason: 'drill', at: now, until: now + 60 * minute };
const running = stateOf({ step: 1, thresholds: [1, 2], settledOnce: true });
const passed = stateOf({
  phase: 'passed',
  step: 2,
  lastGood: targetOf('b'),
  previousGood: targetOf('a'),
});
const next = (key: string, gainsAgents = false) => ({ target: targetOf(key), gainsAgents });
const take = (state: RolloutState, key: string, gains = false) =>
  supersede(state, next(key, gains), defaultRollout, now);

describe('a newer commit', () => {
  it('that leaves target and assignment unchanged does not touch the rollout', () => {
    expect(take(running, 'b')).toBe(running);
    expect(take(passed, 'b')).toBe(passed);
  });

  it('that changes the target supersedes it at the first step, and keeps last good', () => {
    expect(take(running, 'c')).toMatchObject({
      phase: 'running',
      step: -1,
      target: targetOf('c'),
      lastGood: targetOf('a'),
      startedAt: now,
      ledgerFrom: now,
      settledOnce: false,
      version: running.version + 1,
    });
  });

  it('that only gives it agents starts one too, and forgives no failure', () => {
    expect(take(passed, 'b', true)).toMatchObject({
      phase: 'running',
      step: -1,
      direct: false,
      ledgerFrom: startedAt,
    });
  });

  it('that gives agents to a failed target retries nothing', () => {
    const failed = stateOf({ phase: 'rolled-back' });
    expect(take(failed, 'b', true)).toBe(failed);
  });

  it.each([
    ['last good', 'a'],
    ['the one before', '9'],
  ])('whose result is %s goes out at once, without steps', (_name, key) => {
    const state = stateOf({ previousGood: targetOf('9') });
    expect(take(state, key)).toMatchObject({ phase: 'running', direct: true, step: 2 });
  });

  it('ends pause, abort and pin', () => {
    const held = {
      ...running,
      pause: act,
      abort: act,
      pin: { ...act, to: 'last-good', target: targetOf('a') },
    } as const;
    const { pause, abort, pin } = take(held, 'c');
    expect([pause, abort, pin]).toEqual([undefined, undefined, undefined]);
  });
});

describe('operators', () => {
  it('pause and resume without losing the step', () => {
    const paused = pauseRollout(running, act);
    expect(paused.pause).toEqual(act);
    expect(resumeRollout(paused, 0, now)).toEqual(running);
  });

  it('resume what failed and paused, with its failures forgiven and a new deadline', () => {
    const failed = {
      ...running,
      phase: 'failed',
      reason: '2 failed',
      endedAt: now,
      clock: { spentMs: 9 },
    } as const;
    const { reason, endedAt, ...open } = resumeRollout(failed, 2, now);
    expect([reason, endedAt]).toEqual([undefined, undefined]);
    expect(open).toMatchObject({ phase: 'running', forgiven: 2, step: 1, clock: { spentMs: 0 } });
  });

  it('abort what is under way, with the reason, and never what has passed', () => {
    expect(abortRollout(running, act, now)).toMatchObject({
      phase: 'aborted',
      reason: 'drill',
      endedAt: now,
    });
    expect(abortRollout(passed, act, now)).toBe(passed);
  });

  it('retry from the first step, with every failure forgotten and approvals kept', () => {
    const failed = { ...running, phase: 'rolled-back', approved: ['tenth'] } as const;
    expect(retryRollout(failed, defaultRollout, now)).toMatchObject({
      phase: 'running',
      step: -1,
      ledgerFrom: now,
      approved: ['tenth'],
    });
  });

  it('approve a step once', () => {
    const approved = approveStep(running, 'tenth');
    expect(approved.approved).toEqual(['tenth']);
    expect(approveStep(approved, 'tenth')).toBe(approved);
  });

  it('pin last good or the one before, where they are known', () => {
    expect(pinRollout(passed, 'previous', act)?.pin).toMatchObject({ to: 'previous', target: targetOf('a') });
    expect(pinRollout(running, 'previous', act)).toBeUndefined();
  });

  it('unpin: what Git asks for goes out again, at once where it was good', () => {
    const pinned = pinRollout(passed, 'previous', act) ?? passed;
    expect(unpinRollout(pinned, defaultRollout, now)).toMatchObject({
      phase: 'running',
      direct: true,
      step: 2,
    });
    const mid = pinRollout(running, 'last-good', act) ?? running;
    expect(unpinRollout(mid, defaultRollout, now)).toMatchObject({
      direct: false,
      step: -1,
      ledgerFrom: startedAt,
    });
  });

  it('unpin: what had failed stays failed', () => {
    const pinned = pinRollout(stateOf({ phase: 'rolled-back' }), 'last-good', act) ?? passed;
    expect(unpinRollout(pinned, defaultRollout, now)).toMatchObject({ phase: 'rolled-back' });
  });
});

describe('acts expire', () => {
  const after = act.until;

  it('as if they were taken back, not before their time', () => {
    const paused = pauseRollout(running, act);
    expect(expireActs(paused, defaultRollout, after - 1)).toBe(paused);
    expect(expireActs(paused, defaultRollout, after)).toEqual(running);
    const pinned = pinRollout(passed, 'previous', act) ?? passed;
    expect(expireActs(pinned, defaultRollout, after).pin).toBeUndefined();
    const aborted = abortRollout(running, act, now);
    expect(expireActs(aborted, defaultRollout, after)).toMatchObject({ phase: 'running', step: -1 });
  });

  it('never where they have no end', () => {
    const { until: _, ...endless } = act;
    const aborted = abortRollout(running, endless, now);
    expect(expireActs(aborted, defaultRollout, after * 2)).toBe(aborted);
  });
});
