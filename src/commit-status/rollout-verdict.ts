import type { AgentCounts, TenantSummary } from '../model/index.ts';
import { failuresText } from './failures-text.ts';
import { countText } from './status-text.ts';
import type { Verdict } from './verdict.ts';

/** What a rollout tells by its counts alone. */
export type RolloutFacts = Pick<TenantSummary, 'agents' | 'failures' | 'settled' | 'starting' | 'paused'>;

/** The verdict of an unhindered rollout, or how far it is (contract.md, "What is written back"). */
export function rolloutVerdict(facts: RolloutFacts): Verdict {
  const { agents, settled, starting } = facts;
  const paused = facts.paused ?? 0;
  if (agents.matched === 0) return noAgents(starting);
  if (settled && agents.failed > 0) return { state: 'failure', text: failuresText(facts) };
  if (paused > 0) return pending(`paused: ${agents.applied}/${agents.matched} applied, ${paused} held`);
  if (agents.connected === 0 && agents.failed === 0) return pending(`waiting: 0/${agents.matched} connected`);
  if (!settled) return pending(progressText(facts));
  if (starting && agents.notConnected > 0)
    return pending(`${appliedText(agents)}, waiting for ${agents.notConnected} after a restart`);
  if (agents.applied === 0) return noneConfirmed(agents);
  return { state: 'success', text: successText(agents) };
}

function noAgents(starting: boolean): Verdict {
  return starting
    ? pending('no agents match yet, waiting after the start')
    : { state: 'success', text: 'no agents match' };
}

function pending(text: string): Verdict {
  return { state: 'pending', text };
}

function appliedText({ applied, matched }: AgentCounts): string {
  return `${applied}/${matched} applied`;
}

function progressText(facts: RolloutFacts): string {
  const { agents } = facts;
  const parts = [`rolling out: ${appliedText(agents)}`];
  if (agents.notConnected > 0) parts.push(`${agents.notConnected} not connected`);
  if (agents.failed > 0) parts.push(failuresText(facts));
  return parts.join(', ');
}

function successText(agents: AgentCounts): string {
  const certain = agents.healthy === agents.applied && agents.unacknowledged === 0;
  return [`${appliedText(agents)}${certain ? ' and healthy' : ''}`, ...leftOver(agents)].join(', ');
}

function leftOver(agents: AgentCounts): string[] {
  const parts: string[] = [];
  if (agents.notConnected > 0) parts.push(`${agents.notConnected} not connected`);
  if (agents.unacknowledged > 0) parts.push(`${agents.unacknowledged} cannot confirm`);
  if (agents.unsupported > 0) parts.push(`${agents.unsupported} without remote config`);
  if (agents.drifted > 0) parts.push(`${agents.drifted} drifted`);
  return parts;
}

function noneConfirmed(agents: AgentCounts): Verdict {
  if (agents.unacknowledged > 0)
    return {
      state: 'error',
      text: `no verdict: ${countText(agents.unacknowledged, 'agent')} cannot confirm`,
    };
  if (agents.unsupported > 0)
    return {
      state: 'error',
      text: `no verdict: ${countText(agents.unsupported, 'agent')} without remote config`,
    };
  return pending(`waiting: 0/${agents.matched} applied`);
}
