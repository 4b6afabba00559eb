import { describe, expect, it } from 'vitest';
import type { AgentState } from '../../../src/model/index.ts';
import { immediateRollout, type OfferGates, type RolloutCase } from '../../../src/rollout/index.ts';
import { fullCapabilities, hashOf } from '../../support/agents.ts';
import { caseOf, decisionOf, minute, startedAt, stateOf, targetOf } from '../../support/rollouts.ts';

type Case = Partial<RolloutCase<{ hash: ReturnType<typeof hashOf> }>>;

const runs = (character: string, state: 'applied' | 'failed' = 'applied'): Partial<AgentState> => ({
  remoteConfigStatus: { hash: hashOf(character), state, errorMessage: '' },
  statusHashAt: startedAt + 1,
  ...(state === 'applied' && { appliedAt: startedAt + 1 }),
});
const { remoteConfigStatus: _, ...freshAgent } = caseOf().agent;
const fresh: Case = { agent: freshAgent, reportsOurs: false };
const later: Case = { state: stateOf({ thresholds: [-1] }), order: 5 };
const rolledBack: Case = { state: stateOf({ phase: 'rolled-back', reason: '2 failed' }) };
const aborted: Case = { state: stateOf({ phase: 'aborted', reason: 'drill' }) };
const offered = (character: string) => ({
  offered: { hash: hashOf(character), at: startedAt, firstAt: startedAt, connection: 'c1', denied: false },
});
const ledger = (character: string) => ({
  failedHashes: [{ hash: hashOf(character), at: startedAt + 1, reason: '', version: '' }],
});
const pin = { by: 'op', reason: 'drill', at: startedAt, to: 'last-good' as const, target: targetOf('a') };

describe('what an agent is offered', () => {
  it.each<[string, Partial<AgentState>, Case, Partial<OfferGates>, string]>([
    ['(a) its step has come', {}, {}, {}, 'offer target'],
    ['(a) outside its step an agent keeps what it runs', {}, later, {}, 'held: step first, 1 of 3'],
    ['(a) not while its ledger names the hash', ledger('b'), {}, {}, 'failed: rejected config'],
    ['(a) not outside a window', {}, {}, { time: 'outside its windows' }, 'outside its windows'],
    ['(a) not while paused by the manifest', {}, {}, { pause: 'paused' }, 'paused'],
    [
      '(a) not while paused by an operator',
      {},
      { state: stateOf({ pause: { by: 'op', reason: 'look', at: 0 } }) },
      {},
      'paused: look',
    ],
    [
      '(a) not while an after runs',
      {},
      {},
      { after: 'waiting for gateway (after)' },
      'waiting for gateway (after)',
    ],
    ['(a) not past maxInFlight', {}, {}, { slots: 0 }, 'waits for its place: maxInFlight'],
    ['(a) not in an emergency stop', {}, {}, { stop: 'stopped: drill' }, 'stopped: drill'],
    [
      '(a) not where the agent is held for a reason of its own',
      {},
      { ownHold: 'requires version >=2' },
      {},
      'requires version >=2',
    ],
    [
      '(a) what is in flight needs no second place',
      { ...offered('b'), connection: 'c2' },
      {},
      { slots: 0 },
      'offer target',
    ],
    [
      '(a) after it has passed, to whoever returns',
      {},
      { state: stateOf({ phase: 'passed', step: 2, thresholds: [0, 0, null] }) },
      {},
      'offer target',
    ],
    ['an agent that reports the target is left alone', runs('b'), {}, {}, 'none'],
    ['an agent that reports the target is left alone outside its step', runs('b'), later, {}, 'none'],
    [
      'an agent that reports the target is left alone whatever the store lost',
      runs('b'),
      { lastGood: undefined, lastGoodAssigns: false },
      {},
      'none',
    ],
    [
      'what is on its way is not taken back by a pause',
      offered('b'),
      { reportsOurs: false },
      { pause: 'paused' },
      'none',
    ],
    ['(c) it reported FAILED', runs('b', 'failed'), {}, {}, 'offer last-good'],
    ['(c) bytes that failed, in a freeze', runs('b', 'failed'), {}, { time: 'frozen' }, 'offer last-good'],
    ['(c) though the step moves nobody else', runs('b', 'failed'), {}, { slots: 0 }, 'offer last-good'],
    ['(c) within maxInFlight', runs('b', 'failed'), {}, { slotsBack: 0 }, 'waits to go back: maxInFlight'],
    ['(c) not in an emergency stop', runs('b', 'failed'), {}, { stop: 'stopped: drill' }, 'stopped: drill'],
    ['(c) the rollout was rolled back', runs('b'), rolledBack, {}, 'offer last-good'],
    ['(c) the rollout was aborted', runs('b'), aborted, {}, 'offer last-good'],
    ['(c) bytes superseded by a target that then failed', runs('9'), rolledBack, {}, 'offer last-good'],
    ['agents on superseded bytes stay there', runs('9'), later, {}, 'held: step first, 1 of 3'],
    [
      '(c) agents on superseded bytes that fail',
      runs('9', 'failed'),
      { ...later },
      {},
      'held: step first, 1 of 3',
    ],
    [
      '(c) superseded bytes that its ledger names',
      { ...runs('9', 'failed'), ...ledger('9') },
      later,
      {},
      'offer last-good',
    ],
    [
      '(c) not without a last good that assigns it: it is left as it is',
      runs('b', 'failed'),
      { lastGoodAssigns: false },
      {},
      'failed: rejected config',
    ],
    [
      '(c) not to an agent that failed last good too',
      { ...runs('b', 'failed'), ...ledger('a') },
      {},
      {},
      'failed: rejected config',
    ],
    [
      '(c) never for immediate',
      runs('b', 'failed'),
      { policy: immediateRollout },
      {},
      'failed: rejected config',
    ],
    ['an agent on last good is held after a rollback', {}, rolledBack, {}, 'rolled-back: 2 failed'],
    [
      'an old FAILED is offered again after a retry',
      runs('b', 'failed'),
      { state: stateOf({ ledgerFrom: startedAt + 2 }) },
      {},
      'offer target',
    ],
    [
      'a pin takes the place of the target',
      runs('b'),
      { state: stateOf({ pin }), pinned: { hash: hashOf('a') } },
      { time: 'frozen', pause: 'paused' },
      'offer pin',
    ],
    [
      'a pin leaves alone who runs it',
      runs('a'),
      { state: stateOf({ pin }), pinned: { hash: hashOf('a') } },
      {},
      'none',
    ],
    [
      'a pin obeys a stop',
      runs('b'),
      { state: stateOf({ pin }), pinned: { hash: hashOf('a') } },
      { stop: 'stopped: drill' },
      'stopped: drill',
    ],
    ['nothing to an agent that is not connected', { connected: false }, {}, {}, 'none'],
    ['nothing to an agent without a description', { described: false }, {}, {}, 'none'],
    ['nothing without AcceptsRemoteConfig', { capabilities: fullCapabilities & ~0x2 }, {}, {}, 'none'],
    [
      'nothing while the target is not rendered',
      {},
      { target: undefined },
      {},
      'its config is not rendered yet',
    ],
  ])('%s', (_name, agent, over, gates, expected) => {
    expect(decisionOf(caseOf(agent, over), gates)).toBe(expected);
  });

  it.each<[string, Case, Partial<OfferGates>, string]>([
    ['(a) comes first', {}, {}, 'offer target'],
    ['(b) a fresh pod must not run empty: outside its step', later, {}, 'offer last-good'],
    ['(b) in a freeze', {}, { time: 'frozen' }, 'offer last-good'],
    ['(b) while paused', {}, { pause: 'paused' }, 'offer last-good'],
    ['(b) in an emergency stop', {}, { stop: 'stopped: drill' }, 'offer last-good'],
    ['(b) past maxInFlight', {}, { slots: 0 }, 'offer last-good'],
    ['(b) after a rollback', rolledBack, {}, 'offer last-good'],
    [
      '(b) not where last good does not assign it',
      { ...later, lastGoodAssigns: false },
      {},
      'held: step first, 1 of 3',
    ],
  ])('without a hash of ours: %s', (_name, over, gates, expected) => {
    expect(decisionOf(caseOf({}, { ...fresh, ...over }), gates)).toBe(expected);
  });

  it('without ReportsRemoteConfig: (b) only who was never offered anything', () => {
    const capabilities = fullCapabilities & ~0x1000;
    expect(decisionOf(caseOf({ capabilities }, later))).toBe('offer last-good');
    expect(decisionOf(caseOf({ capabilities, ...offered('9') }, later))).toBe('held: step first, 1 of 3');
  });

  it('an agent that cannot confirm is no canary: it is offered the target with all', () => {
    const capabilities = 0x3;
    const unacknowledging = { capabilities, ...offered('a') };
    expect(decisionOf(caseOf(unacknowledging))).toBe('held: step first, 1 of 3');
    const final = stateOf({ step: 2, thresholds: [0, 0, null] });
    expect(decisionOf(caseOf(unacknowledging, { state: final }), { slots: 0 })).toBe('offer target');
  });

  it('a hash that was just sent is not sent again, and on the same connection only after the retry time', () => {
    const at = (age: number) => ({
      offered: {
        hash: hashOf('b'),
        at: startedAt + minute - age,
        firstAt: startedAt,
        connection: 'c1',
        denied: false,
      },
    });
    expect(decisionOf(caseOf(at(1_000)))).toBe('none');
    expect(decisionOf(caseOf(at(minute)))).toBe('none');
    expect(decisionOf(caseOf(at(minute)), { retryMs: minute })).toBe('offer target');
  });
});
