import { describe, expect, it } from 'vitest';
import type { RolloutState, UnitCounters } from '../../../src/model/index.ts';
import {
  afterStandingOf,
  defaultRollout,
  describeRollout,
  emptyCounters,
} from '../../../src/rollout/index.ts';
import { minute, startedAt, stateOf, targetOf } from '../../support/rollouts.ts';

const act = { by: 'ada', reason: 'drill', at: startedAt, until: startedAt + minute };
const forty = { matched: 40, connected: 40, confirmable: 40 };
const text = (state: Partial<RolloutState>, counters: Partial<UnitCounters>, about = {}) => {
  const told = describeRollout(stateOf(state), defaultRollout, { ...emptyCounters(1), ...counters }, about);
  return `${told.state}: ${told.text}`;
};

describe('what a status says of a rollout', () => {
  it.each<[Partial<RolloutState>, Partial<UnitCounters>, object, string]>([
    [
      { step: 1 },
      { ...forty, applied: 12, unsettled: 3 },
      {},
      'pending: rolling out: 12/40 applied, step tenth',
    ],
    [{}, { matched: 40 }, {}, 'pending: waiting: 0/40 connected'],
    [{}, {}, {}, 'success: no agents match'],
    [
      { step: -1 },
      forty,
      { hold: 'waiting for gateway (after)' },
      'pending: rolling out: 0/40 applied, not begun, waiting for gateway (after)',
    ],
    [{ pause: act }, { ...forty, applied: 4 }, {}, 'pending: paused: 4/40 applied: drill'],
    [{}, { ...forty, held: 2 }, {}, 'pending: rolling out: 0/40 applied, step first, 2 held'],
    [
      { phase: 'passed' },
      { ...forty, connected: 38, applied: 38 },
      {},
      'success: 38/40 applied and healthy, 2 not connected',
    ],
    [
      { phase: 'passed', unconfirmed: true },
      { ...forty, cannotConfirm: 40 },
      {},
      'error: no verdict: 40 cannot confirm',
    ],
    [
      { phase: 'rolled-back' },
      { ...forty, failed: 2 },
      { worst: { host: 'web-17', reason: 'unhealthy' } },
      'failure: 2 failed, rolled back to aaaaaaa: web-17 unhealthy',
    ],
    [
      { phase: 'rolled-back' },
      { ...forty, failed: 2, returning: 9 },
      {},
      'failure: 2 failed, rolls back to aaaaaaa',
    ],
    [{ phase: 'aborted', reason: 'drill' }, forty, {}, 'failure: aborted, rolled back to aaaaaaa: drill'],
    [
      { phase: 'failed', reason: 'its deadline has passed' },
      forty,
      {},
      'failure: its deadline has passed, paused',
    ],
    [
      { phase: 'blocked', reason: 'waits for gateway, which failed (after)' },
      forty,
      {},
      'failure: waits for gateway, which failed (after)',
    ],
    [
      { pin: { ...act, to: 'last-good', target: targetOf('a') } },
      forty,
      {},
      'pending: pinned to last-good aaaaaaa: drill',
    ],
  ])('%j %j', (state, counters, about, expected) => {
    expect(text(state, counters, about)).toBe(expected);
  });

  it('is cut to a hundred characters', () => {
    expect(text({ pause: { ...act, reason: 'x'.repeat(200) } }, forty)).toHaveLength(
      'pending: '.length + 100,
    );
  });
});

describe('the units that a rollout comes after', () => {
  const unit = (name: string, state: Partial<RolloutState>, matched = 1) => ({
    name,
    state: stateOf(state),
    counters: { ...emptyCounters(1), matched },
  });

  it('count by the worst of them', () => {
    const passed = unit('a', { phase: 'passed' });
    const running = unit('b', { phase: 'running' });
    const failed = unit('c', { phase: 'rolled-back' });
    expect(afterStandingOf([passed])).toEqual({ kind: 'passed' });
    expect(afterStandingOf([passed, running])).toEqual({ kind: 'running', unit: 'b' });
    expect(afterStandingOf([running, failed])).toEqual({ kind: 'failed', unit: 'c' });
  });

  it('hold nobody where they have no agents', () => {
    expect(afterStandingOf([unit('b', { phase: 'running' }, 0)])).toEqual({ kind: 'passed' });
  });
});
