import { type AgentState, agentCapability } from '../model/index.ts';

/**
 * What a rollout reads of an agent. An AgentState is one as it stands; for a Package `asPackageAgent` makes one
 * in which packages stand where configs do.
 */
export type RolloutAgent = Pick<
  AgentState,
  | 'uid'
  | 'labels'
  | 'described'
  | 'capabilities'
  | 'health'
  | 'healthSince'
  | 'remoteConfigStatus'
  | 'statusHashAt'
  | 'appliedAt'
  | 'unhealthyBefore'
  | 'effective'
  | 'connected'
  | 'connection'
  | 'transport'
  | 'lastSeenAt'
  | 'disconnectedAt'
  | 'saidGoodbye'
  | 'offered'
  | 'failedHashes'
  | 'settling'
>;

/** Whether the agent declares AcceptsRemoteConfig; nothing may be offered to it otherwise (C-CAP-1). */
export function canAccept(agent: Pick<AgentState, 'capabilities'>): boolean {
  return (agent.capabilities & agentCapability.acceptsRemoteConfig) !== 0;
}

/** Whether the agent acknowledges offers (ReportsRemoteConfig). */
export function canAcknowledge(agent: Pick<AgentState, 'capabilities'>): boolean {
  return (agent.capabilities & agentCapability.reportsRemoteConfig) !== 0;
}

/** Whether the agent could ever confirm what it runs: by acknowledging, or by its effective config. */
export function canConfirm({ capabilities }: Pick<AgentState, 'capabilities'>): boolean {
  const { reportsRemoteConfig, reportsEffectiveConfig } = agentCapability;
  return (capabilities & (reportsRemoteConfig | reportsEffectiveConfig)) !== 0;
}

/** Until when the agent is known to have lived: a poller until its last poll, a socket until it closed. */
export function aliveUntil(agent: RolloutAgent, now: number): number {
  if (agent.connected) return agent.transport === 'ws' ? now : agent.lastSeenAt;
  return agent.disconnectedAt ?? agent.lastSeenAt;
}

/** Whether it is gone by its own word: such an agent neither blocks nor counts until it returns. */
export function isGone(agent: Pick<AgentState, 'connected' | 'saidGoodbye'>): boolean {
  return !agent.connected && agent.saidGoodbye;
}
