import { describe, expect, it } from 'vitest';
import type { AgentState } from '../../../src/model/index.ts';
import { decideOffer, type OfferContext } from '../../../src/rollout/index.ts';
import { agentOf, fullCapabilities, hashOf, renderedOf } from '../../support/agents.ts';

const target = renderedOf('b');

function decide(agent: Partial<AgentState>, over: Partial<OfferContext> = {}) {
  const assignment = {
    kind: 'assigned',
    config: 'edge',
    overlays: [],
    agentVars: [],
    renderKey: 'k',
  } as const;
  return decideOffer(agentOf(agent), {
    assignment,
    target,
    heldReason: undefined,
    retryMs: 300_000,
    now: 1_000_000,
    ...over,
  }).kind;
}

const offered = { hash: target.hash, at: 900_000, firstAt: 900_000, connection: 'c1', denied: false };

describe('offer rules', () => {
  it.each<[string, Partial<AgentState>, Partial<OfferContext>, string]>([
    ['an agent without a config is offered its target', {}, {}, 'offer'],
    [
      'C-RC-2 [S] another hash is replaced',
      { remoteConfigStatus: { hash: hashOf('a'), state: 'applied', errorMessage: '' } },
      {},
      'offer',
    ],
    [
      'C-RC-2 [S] the same hash is not sent',
      { remoteConfigStatus: { hash: hashOf('b'), state: 'applied', errorMessage: '' } },
      {},
      'none',
    ],
    [
      'C-RC-3 [I] the same hash is not sent whatever its status',
      { remoteConfigStatus: { hash: hashOf('b'), state: 'failed', errorMessage: '' } },
      {},
      'none',
    ],
    ['C-RC-4 [I] what was offered on this connection is not sent again', { offered }, {}, 'none'],
    [
      'C-RC-4 [I] but on another connection it is',
      { offered: { ...offered, connection: 'c0' } },
      {},
      'offer',
    ],
    [
      'C-RC-4 [I] or after the agent reported another hash',
      { offered: { ...offered, denied: true } },
      {},
      'offer',
    ],
    ['C-RC-4 [I] or when the retry is due', { offered: { ...offered, at: 600_000 } }, {}, 'offer'],
    [
      'a hash that was just sent is not sent again',
      { offered: { ...offered, at: 999_000, connection: 'c0', denied: true } },
      {},
      'none',
    ],
    [
      'C-RC-5 [P] a hash that the agent reported FAILED is not sent again',
      { failedHashes: [{ hash: hashOf('b'), at: 0, reason: '', version: '' }] },
      {},
      'none',
    ],
    ['C-RC-8 [P] no match is no offer', {}, { assignment: { kind: 'unmanaged' } }, 'none'],
    [
      'a conflict keeps what the agent has',
      {},
      { assignment: { kind: 'conflict', configs: ['a', 'b'] } },
      'none',
    ],
    ['C-RC-8 [P] an empty config map is never offered', {}, { target: { ...target, files: [] } }, 'none'],
    ['C-RC-10 [I] nothing before the description is known', { described: false }, {}, 'none'],
    [
      'C-CAP-1 [M] nothing without AcceptsRemoteConfig',
      { capabilities: fullCapabilities & ~0x2 },
      {},
      'none',
    ],
    ['nothing to an agent that is gone', { connected: false }, {}, 'none'],
    ['a hold says so', {}, { heldReason: 'paused' }, 'hold'],
    [
      'an agent that runs the target is never held',
      { remoteConfigStatus: { hash: hashOf('b'), state: 'applied', errorMessage: '' } },
      { heldReason: 'paused' },
      'none',
    ],
    ['nothing while the target is not rendered', {}, { target: undefined }, 'none'],
    [
      'C-CAP-3 [I] without acknowledgement: once per connection',
      { capabilities: fullCapabilities & ~0x1000, offered: { ...offered, at: 0 } },
      {},
      'none',
    ],
    [
      'C-CAP-3 [I] without acknowledgement: again on a new connection',
      { capabilities: fullCapabilities & ~0x1000, offered: { ...offered, connection: 'c0' } },
      {},
      'offer',
    ],
  ])('%s', (_name, agent, over, expected) => {
    expect(decide(agent, over)).toBe(expected);
  });
});
