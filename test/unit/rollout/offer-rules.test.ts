import { describe, expect, it } from 'vitest';
import type { AgentState } from '../../../src/model/index.ts';
import type { OfferGates, RolloutCase } from '../../../src/rollout/index.ts';
import { fullCapabilities, hashOf } from '../../support/agents.ts';
import { caseOf, decisionOf, minute, startedAt } from '../../support/rollouts.ts';

type Case = Partial<RolloutCase<{ hash: ReturnType<typeof hashOf> }>>;

// A minute before now, on the connection that the agent has.
const offered = { hash: hashOf('b'), at: startedAt, firstAt: startedAt, connection: 'c1', denied: false };
const reports = (character: string, state: 'applied' | 'failed' = 'applied'): Partial<AgentState> => ({
  remoteConfigStatus: { hash: hashOf(character), state, errorMessage: '' },
  statusHashAt: startedAt + 1,
});
const withoutAcknowledging = fullCapabilities & ~0x1000;
const noLastGood: Case = { lastGood: undefined, lastGoodAssigns: false };

describe('offer rules', () => {
  it.each<[string, Partial<AgentState>, Case, Partial<OfferGates>, string]>([
    [
      'an agent without a config is offered its target',
      { remoteConfigStatus: undefined },
      { reportsOurs: false },
      {},
      'offer target',
    ],
    ['C-RC-2 [S] another hash is replaced', reports('a'), {}, {}, 'offer target'],
    ['C-RC-2 [S] the same hash is not sent', reports('b'), {}, {}, 'none'],
    [
      'C-RC-3 [I] the same hash is not sent whatever its status',
      reports('b', 'failed'),
      noLastGood,
      {},
      'failed: rejected config',
    ],
    ['C-RC-4 [I] what was offered on this connection is not sent again', { offered }, {}, {}, 'none'],
    [
      'C-RC-4 [I] but on another connection it is',
      { offered: { ...offered, connection: 'c0' } },
      {},
      {},
      'offer target',
    ],
    [
      'C-RC-4 [I] or after the agent reported another hash',
      { offered: { ...offered, denied: true } },
      {},
      {},
      'offer target',
    ],
    ['C-RC-4 [I] or when the retry is due', { offered }, {}, { retryMs: minute }, 'offer target'],
    [
      'a hash that was just sent is not sent again',
      { offered: { ...offered, at: startedAt + minute - 1_000, connection: 'c0', denied: true } },
      {},
      {},
      'none',
    ],
    [
      'C-RC-5 [P] a hash that the agent reported FAILED is not sent again',
      { failedHashes: [{ hash: hashOf('b'), at: startedAt + 1, reason: '', version: '' }] },
      {},
      {},
      'failed: rejected config',
    ],
    ['C-RC-10 [I] nothing before the description is known', { described: false }, {}, {}, 'none'],
    [
      'C-CAP-1 [M] nothing without AcceptsRemoteConfig',
      { capabilities: fullCapabilities & ~0x2 },
      {},
      {},
      'none',
    ],
    ['nothing to an agent that is gone', { connected: false }, {}, {}, 'none'],
    ['a hold says so', {}, {}, { pause: 'paused' }, 'paused'],
    ['an agent that runs the target is never held', reports('b'), {}, { pause: 'paused' }, 'none'],
    [
      'nothing while the target is not rendered',
      {},
      { target: undefined },
      {},
      'its config is not rendered yet',
    ],
    [
      'C-CAP-3 [I] without acknowledgement: once per connection',
      { capabilities: withoutAcknowledging, offered: { ...offered, at: 0 } },
      {},
      { retryMs: minute },
      'none',
    ],
    [
      'C-CAP-3 [I] without acknowledgement: again on a new connection',
      { capabilities: withoutAcknowledging, offered: { ...offered, connection: 'c0' } },
      {},
      {},
      'offer target',
    ],
  ])('%s', (_name, agent, over, gates, expected) => {
    expect(decisionOf(caseOf(agent, over), gates)).toBe(expected);
  });
});
