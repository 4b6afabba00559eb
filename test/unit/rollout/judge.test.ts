import { describe, expect, it } from 'vitest';
import type { AgentState } from '../../../src/model/index.ts';
import { type JudgeRules, judge } from '../../../src/rollout/index.ts';
import { agentOf, fullCapabilities, hashOf, healthOf } from '../../support/agents.ts';
import { minute, startedAt } from '../../support/rollouts.ts';

const now = startedAt + 60 * minute;
const rules: JudgeRules = {
  soakMs: 2 * minute,
  healthTimeoutMs: 5 * minute,
  reportGraceMs: minute,
  failOnDrift: false,
  firstStep: false,
  startedAt,
  ledgerFrom: startedAt,
};
const offeredAt = (ago: number) => ({
  offered: { hash: hashOf('b'), at: now - ago, firstAt: now - ago, connection: 'c1', denied: false },
});
const appliedAt = (
  ago: number,
  state: 'applied' | 'applying' | 'failed' = 'applied',
): Partial<AgentState> => ({
  remoteConfigStatus: { hash: hashOf('b'), state, errorMessage: '' },
  statusHashAt: now - ago,
  ...(state === 'applied' && { appliedAt: now - ago }),
});
const healthy = (ago: number) => ({ health: healthOf(true), healthSince: now - ago });
const sick = (ago: number) => ({ health: healthOf(false), healthSince: now - ago });
const effectiveAt = (ago: number, verdict: 'in-sync' | 'drift' | 'wrong-config') => ({
  effective: {
    hash: 'e',
    rawHash: 'r',
    receivedAt: now - ago,
    against: hashOf('b'),
    verdict: { verdict, differences: [] },
  },
});
const withoutAcknowledgement = { capabilities: fullCapabilities & ~0x1000 };
const silent = (ago: number) => ({ connected: false, disconnectedAt: now - ago, lastSeenAt: now - ago });

describe('an agent towards its target', () => {
  it.each<[string, Partial<AgentState>, Partial<JudgeRules>, string]>([
    ['is not offered it yet', {}, {}, 'not-offered'],
    ['is in flight from the offer on', offeredAt(minute), {}, 'in-flight'],
    [
      'that runs it without an offer is in flight from its report',
      { ...appliedAt(minute), ...sick(minute) },
      {},
      'in-flight',
    ],
    [
      'soaks when it is applied and healthy',
      { ...offeredAt(3 * minute), ...appliedAt(minute), ...healthy(minute) },
      {},
      'soaking',
    ],
    [
      'settles well after its soak',
      { ...offeredAt(3 * minute), ...appliedAt(2 * minute), ...healthy(9 * minute) },
      {},
      'settled',
    ],
    [
      'begins its soak anew with every break of health',
      { ...offeredAt(5 * minute), ...appliedAt(4 * minute), ...healthy(minute) },
      {},
      'soaking',
    ],
    [
      'fails when it has not settled in health timeout, twice soak and two report intervals',
      { ...offeredAt(10 * minute), ...appliedAt(9 * minute), ...healthy(minute) },
      {},
      'failed',
    ],
    [
      'is still in time just before that',
      { ...offeredAt(10 * minute - 1), ...appliedAt(9 * minute), ...healthy(minute) },
      {},
      'soaking',
    ],
    ['fails at FAILED', { ...offeredAt(minute), ...appliedAt(minute, 'failed') }, {}, 'failed'],
    [
      'that reported FAILED before the last retry is to be offered it again',
      { ...appliedAt(minute, 'failed') },
      { ledgerFrom: now },
      'not-offered',
    ],
    [
      'fails at wrong config',
      { ...offeredAt(minute), ...appliedAt(minute), ...effectiveAt(0, 'wrong-config') },
      {},
      'failed',
    ],
    [
      'does not fail at drift',
      {
        ...offeredAt(4 * minute),
        ...appliedAt(3 * minute),
        ...healthy(3 * minute),
        ...effectiveAt(0, 'drift'),
      },
      {},
      'settled',
    ],
    [
      'fails at drift where the policy says so',
      {
        ...offeredAt(4 * minute),
        ...appliedAt(3 * minute),
        ...healthy(3 * minute),
        ...effectiveAt(0, 'drift'),
      },
      { failOnDrift: true },
      'failed',
    ],
    [
      'fails when it is unhealthy for the health timeout in a row after APPLIED',
      { ...offeredAt(6 * minute), ...appliedAt(5 * minute), ...sick(5 * minute) },
      {},
      'failed',
    ],
    [
      'that was unhealthy before the offer settles unhealthy',
      { ...offeredAt(6 * minute), ...appliedAt(5 * minute), ...sick(99 * minute), unhealthyBefore: true },
      {},
      'settled',
    ],
    [
      'unhealthy while applying counts for nothing',
      { ...offeredAt(6 * minute), ...appliedAt(6 * minute, 'applying'), ...sick(6 * minute) },
      {},
      'in-flight',
    ],
    [
      'without ReportsHealth settles by its report',
      { capabilities: fullCapabilities & ~0x800, ...offeredAt(minute), ...appliedAt(0) },
      {},
      'settled',
    ],
    [
      'without ReportsRemoteConfig settles by an effective config received after the offer',
      {
        ...withoutAcknowledgement,
        ...offeredAt(4 * minute),
        ...effectiveAt(3 * minute, 'in-sync'),
        ...healthy(9 * minute),
      },
      {},
      'settled',
    ],
    [
      'without ReportsRemoteConfig is not judged by what came before the offer',
      {
        ...withoutAcknowledgement,
        ...offeredAt(minute),
        ...effectiveAt(3 * minute, 'drift'),
        ...healthy(9 * minute),
      },
      {},
      'in-flight',
    ],
    [
      'that can neither acknowledge nor report cannot confirm',
      { capabilities: 0x3, ...offeredAt(99 * minute) },
      {},
      'cannot-confirm',
    ],
    [
      'that loses its connection is silent, not gone',
      { ...offeredAt(minute), ...silent(0) },
      {},
      'in-flight',
    ],
    [
      'that says goodbye is out of the count',
      { ...offeredAt(minute), ...silent(0), saidGoodbye: true },
      {},
      'not-offered',
    ],
    [
      'that falls silent when APPLIED and healthy is lost',
      {
        ...offeredAt(11 * minute),
        ...appliedAt(10.5 * minute),
        ...healthy(10.5 * minute),
        ...silent(10 * minute),
      },
      {},
      'lost',
    ],
    [
      'that falls silent so in the first step has failed',
      {
        ...offeredAt(11 * minute),
        ...appliedAt(10.5 * minute),
        ...healthy(10.5 * minute),
        ...silent(10 * minute),
      },
      { firstStep: true },
      'failed',
    ],
    [
      'that falls silent before APPLIED has failed',
      { ...offeredAt(11 * minute), ...silent(10 * minute) },
      {},
      'failed',
    ],
    [
      'does not soak while it is silent',
      { ...offeredAt(3 * minute), ...appliedAt(2.5 * minute), ...healthy(2.5 * minute), ...silent(minute) },
      {},
      'soaking',
    ],
    [
      'that polls has soaked when a later poll says so',
      {
        transport: 'http',
        lastSeenAt: now - minute,
        ...offeredAt(3 * minute),
        ...appliedAt(2.5 * minute),
        ...healthy(2.5 * minute),
      },
      {},
      'soaking',
    ],
    [
      'that comes back with the config after its time is given the time once more',
      { ...offeredAt(50 * minute), ...appliedAt(minute), ...healthy(minute) },
      {},
      'soaking',
    ],
    [
      'that has settled stays settled when it falls ill later',
      {
        ...offeredAt(50 * minute),
        ...appliedAt(49 * minute),
        ...sick(20 * minute),
        settling: { hash: hashOf('b'), since: 0, settledAt: 1 },
      },
      {},
      'settled',
    ],
    [
      'that has settled fails all the same on a wrong config',
      {
        ...offeredAt(50 * minute),
        ...appliedAt(49 * minute),
        ...effectiveAt(0, 'wrong-config'),
        settling: { hash: hashOf('b'), since: 0, settledAt: 1 },
      },
      {},
      'failed',
    ],
    [
      'was ill on these bytes before the rollout began, and is no worse',
      { ...appliedAt(99 * minute), ...sick(99 * minute) },
      {},
      'settled',
    ],
    [
      'has failed while its ledger names the hash',
      { failedHashes: [{ hash: hashOf('b'), at: now, reason: '', version: '' }] },
      {},
      'failed',
    ],
    [
      'has not failed by what a retry has forgiven',
      { failedHashes: [{ hash: hashOf('b'), at: now - 1, reason: '', version: '' }] },
      { ledgerFrom: now },
      'not-offered',
    ],
  ])('%s', (_name, agent, over, expected) => {
    expect(judge(agentOf(agent), hashOf('b'), { ...rules, ...over }, now).kind).toBe(expected);
  });
});
