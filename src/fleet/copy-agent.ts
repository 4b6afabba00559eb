import type { AgentState, InstanceUid } from '../model/index.ts';

/** An agent's next state while it is being made. */
export type AgentDraft = { -readonly [K in keyof Required<AgentState>]: AgentState[K] };

/**
 * A copy of an agent, to be changed before anybody sees it. It is the one place that copies agents, and names every member:
 * spread copies that are copied in turn have a shape of their own each time, and the engine is several times slower at
 * reading objects of many shapes.
 */
export function copyAgent(agent: AgentState): AgentDraft {
  return {
    uid: agent.uid,
    tenant: agent.tenant,
    credential: agent.credential,
    type: agent.type,
    described: agent.described,
    labels: agent.labels,
    capabilities: agent.capabilities,
    sequence: agent.sequence,
    health: agent.health,
    remoteConfigStatus: agent.remoteConfigStatus,
    statusHashAt: agent.statusHashAt,
    appliedAt: agent.appliedAt,
    healthSince: agent.healthSince,
    unhealthyBefore: agent.unhealthyBefore,
    effective: agent.effective,
    effectiveAskedFor: agent.effectiveAskedFor,
    connected: agent.connected,
    connection: agent.connection,
    transport: agent.transport,
    secure: agent.secure,
    firstSeenAt: agent.firstSeenAt,
    lastSeenAt: agent.lastSeenAt,
    disconnectedAt: agent.disconnectedAt,
    saidGoodbye: agent.saidGoodbye,
    fullStateAskedAt: agent.fullStateAskedAt,
    offered: agent.offered,
    componentsHash: agent.componentsHash,
    connectionSettingsStatus: agent.connectionSettingsStatus,
    connectionOffered: agent.connectionOffered,
    packageStatuses: agent.packageStatuses,
    customCapabilities: agent.customCapabilities,
    failedHashes: agent.failedHashes,
    settling: agent.settling,
    packageProgress: agent.packageProgress,
  };
}

/** An agent of which nothing is known. */
export const unknownAgent: AgentState = {
  uid: '' as InstanceUid,
  tenant: '',
  credential: '',
  type: 'otelcol',
  described: false,
  labels: new Map(),
  capabilities: 0,
  sequence: -1,
  connected: true,
  connection: '',
  transport: 'ws',
  secure: false,
  firstSeenAt: 0,
  lastSeenAt: 0,
  saidGoodbye: false,
  failedHashes: [],
};
