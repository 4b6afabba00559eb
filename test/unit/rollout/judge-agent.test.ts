import { describe, expect, it } from 'vitest';
import type { AgentState } from '../../../src/model/index.ts';
import { judgeAgent } from '../../../src/rollout/index.ts';
import { agentOf, fullCapabilities, hashOf, healthOf, renderedOf } from '../../support/agents.ts';

const target = renderedOf('b');
const minute = 60_000;
const policy = { healthTimeoutMs: 5 * minute, reportGraceMs: minute };
const now = 100 * minute;
const offered = { hash: target.hash, at: now - 1_000, firstAt: now - 1_000, connection: 'c1', denied: false };
const applied = { hash: target.hash, state: 'applied', errorMessage: '' } as const;

describe('judging an agent against its target', () => {
  it.each<[string, Partial<AgentState>, string]>([
    ['not offered yet', {}, 'not-offered'],
    ['offered, no answer yet', { offered }, 'in-flight'],
    ['no answer within the time', { offered: { ...offered, firstAt: now - 6 * minute } }, 'failed'],
    ['applying', { offered, remoteConfigStatus: { ...applied, state: 'applying' } }, 'in-flight'],
    ['FAILED with our hash', { offered, remoteConfigStatus: { ...applied, state: 'failed' } }, 'failed'],
    [
      'rolled back by itself: the ledger remembers',
      { failedHashes: [{ hash: target.hash, at: 0, reason: 'x', version: '' }] },
      'failed',
    ],
    ['applied and healthy', { remoteConfigStatus: applied, health: healthOf(true) }, 'settled'],
    ['applied, health not yet known', { remoteConfigStatus: applied, appliedAt: now }, 'in-flight'],
    [
      'applied, unhealthy for a while',
      {
        remoteConfigStatus: applied,
        appliedAt: now - minute,
        health: healthOf(false),
        healthSince: now - minute,
      },
      'in-flight',
    ],
    [
      'applied, unhealthy for too long',
      {
        remoteConfigStatus: applied,
        appliedAt: now - 9 * minute,
        health: healthOf(false),
        healthSince: now - 6 * minute,
      },
      'failed',
    ],
    [
      'no less healthy than before',
      { remoteConfigStatus: applied, health: healthOf(false), unhealthyBefore: true },
      'settled',
    ],
    [
      'applied, without ReportsHealth',
      { remoteConfigStatus: applied, capabilities: fullCapabilities & ~0x800 },
      'settled',
    ],
    [
      'applied, but on a wrong config',
      {
        remoteConfigStatus: applied,
        health: healthOf(true),
        effective: {
          hash: '',
          rawHash: '',
          receivedAt: now,
          against: target.hash,
          verdict: { verdict: 'wrong-config', differences: [] },
        },
      },
      'failed',
    ],
    [
      'applying: the config that ran until then is no evidence',
      {
        offered,
        remoteConfigStatus: { ...applied, state: 'applying' },
        effective: {
          hash: '',
          rawHash: '',
          receivedAt: now,
          against: target.hash,
          verdict: { verdict: 'wrong-config', differences: [] },
        },
      },
      'in-flight',
    ],
    ['can never confirm', { capabilities: 0x2, offered }, 'cannot-confirm'],
    [
      'confirms by its effective config',
      {
        capabilities: 0x6,
        offered,
        effective: {
          hash: '',
          rawHash: '',
          receivedAt: now,
          against: target.hash,
          verdict: { verdict: 'in-sync', differences: [] },
        },
      },
      'settled',
    ],
    [
      'applied with another hash is no answer to ours',
      { offered, remoteConfigStatus: { ...applied, hash: hashOf('a') } },
      'in-flight',
    ],
  ])('%s', (_name, agent, expected) => {
    expect(judgeAgent(agentOf(agent), target, policy, now).kind).toBe(expected);
  });
});
