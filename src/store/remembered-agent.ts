import type { AgentState, Health } from '../model/index.ts';
import type { RosterRow } from './rows.ts';

/** What the roster keeps of an agent. */
export function rosterRowOf(agent: AgentState): RosterRow {
  const { uid, tenant, credential, type, labels, capabilities, failedHashes } = agent;
  return {
    uid,
    tenant,
    credential,
    type,
    labels,
    capabilities,
    statusHash: agent.remoteConfigStatus?.hash ?? '',
    statusState: agent.remoteConfigStatus?.state ?? 'unset',
    health: healthOf(agent),
    offeredHash: agent.offered?.hash,
    failedHashes,
    failedPackages: agent.packageProgress?.failedHashes ?? [],
    firstSeenAt: agent.firstSeenAt,
    lastSeenAt: agent.lastSeenAt,
    saidGoodbye: agent.saidGoodbye,
  };
}

/** An agent as history: not connected, its state unknown until it reports again. */
export function rememberedAgent(row: RosterRow): AgentState {
  const { uid, tenant, credential, type, labels, capabilities, failedHashes } = row;
  return {
    uid,
    tenant,
    credential,
    type,
    described: false,
    labels,
    capabilities,
    sequence: -1,
    connected: false,
    connection: '',
    transport: 'ws',
    secure: false,
    firstSeenAt: row.firstSeenAt,
    lastSeenAt: row.lastSeenAt,
    saidGoodbye: row.saidGoodbye,
    failedHashes,
    ...(row.failedPackages.length > 0 && { packageProgress: { failedHashes: row.failedPackages } }),
    ...(row.statusHash !== '' && {
      remoteConfigStatus: { hash: row.statusHash, state: row.statusState, errorMessage: '' },
    }),
  };
}

function healthOf({ health }: AgentState): Health {
  if (!health) return 'Unknown';
  return health.healthy ? 'Healthy' : 'Degraded';
}
