import {
  type AgentState,
  agentCapability,
  configHash,
  type FailedHash,
  type PackageProgress,
  type PackageStatuses,
  type RemoteConfigState,
} from '../model/index.ts';
import type { RolloutAgent } from './rollout-agent.ts';

const { acceptsPackages, acceptsRemoteConfig, reportsPackageStatuses, reportsRemoteConfig, reportsHealth } =
  agentCapability;
const maxFailedHashes = 16;
const noProgress: PackageProgress = { failedHashes: [] };

/** An agent as the rollout of a Package sees it: packages stand where configs do, and statuses acknowledge them. */
export function asPackageAgent(agent: AgentState): RolloutAgent {
  const { status, ...progress } = agent.packageProgress ?? noProgress;
  const has = (bit: number) => (agent.capabilities & bit) !== 0;
  return {
    uid: agent.uid,
    labels: agent.labels,
    described: agent.described,
    capabilities:
      (has(acceptsPackages) ? acceptsRemoteConfig : 0) |
      (has(reportsPackageStatuses) ? reportsRemoteConfig : 0) |
      (agent.capabilities & reportsHealth),
    ...(agent.health && { health: agent.health }),
    ...(agent.healthSince !== undefined && { healthSince: agent.healthSince }),
    connected: agent.connected,
    connection: agent.connection,
    transport: agent.transport,
    lastSeenAt: agent.lastSeenAt,
    ...(agent.disconnectedAt !== undefined && { disconnectedAt: agent.disconnectedAt }),
    saidGoodbye: agent.saidGoodbye,
    ...(status && { remoteConfigStatus: status }),
    ...progress,
  };
}

/** The progress after newly reported package statuses; what changes the agent besides is the caller's. */
export function recordPackageStatuses(
  agent: Pick<AgentState, 'labels' | 'packageProgress'>,
  statuses: PackageStatuses,
  now: number,
): PackageProgress {
  const before = agent.packageProgress ?? noProgress;
  const hash = statuses.offeredHash === '' ? '' : configHash(statuses.offeredHash);
  const state = stateOf(statuses);
  const isSame = before.status?.hash === hash;
  const { appliedAt, ...rest } = before;
  const wasApplied = isSame && before.status?.state === 'applied';
  return {
    ...rest,
    status: { hash, state, errorMessage: messageOf(statuses) },
    statusHashAt: isSame ? (before.statusHashAt ?? now) : now,
    ...(state === 'applied' && { appliedAt: wasApplied ? (appliedAt ?? now) : now }),
    ...(before.offered && { offered: { ...before.offered, denied: hash !== before.offered.hash } }),
    failedHashes:
      state === 'failed' && hash !== '' ? withEntry(agent, before, statuses, now) : before.failedHashes,
  };
}

function stateOf({ packages, errorMessage, offeredHash }: PackageStatuses): RemoteConfigState {
  if (offeredHash === '') return 'unset';
  const all = [...packages.values()];
  if (errorMessage !== '' || all.some(({ state }) => state === 'install-failed')) return 'failed';
  return all.every(({ state }) => state === 'installed') ? 'applied' : 'applying';
}

function messageOf({ packages, errorMessage }: PackageStatuses): string {
  if (errorMessage !== '') return errorMessage;
  return [...packages.values()].find(({ state }) => state === 'install-failed')?.errorMessage ?? '';
}

function withEntry(
  { labels }: Pick<AgentState, 'labels'>,
  { failedHashes }: PackageProgress,
  statuses: PackageStatuses,
  now: number,
): readonly FailedHash[] {
  const hash = configHash(statuses.offeredHash);
  const version = labels.get('service.version');
  const entry = {
    hash,
    at: now,
    reason: messageOf(statuses),
    version: typeof version === 'string' ? version : '',
  };
  return [...failedHashes.filter((known) => known.hash !== hash), entry].slice(-maxFailedHashes);
}
