import {
  type AgentState,
  agentCapability,
  configHash,
  type FailedHash,
  type PackageProgress,
  type PackageStatus,
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
    // Whoever replaces itself says goodbye first: what it then does not come back from is the package's fault.
    saidGoodbye: agent.saidGoodbye && !(has(reportsPackageStatuses) && isInstalling(progress)),
    ...(status && { remoteConfigStatus: status }),
    ...progress,
  };
}

/** Offered packages, and neither settled on them nor failed. */
function isInstalling({ offered, settling, failedHashes }: Omit<PackageProgress, 'status'>): boolean {
  if (!offered || failedHashes.some(({ hash }) => hash === offered.hash)) return false;
  return !(settling?.hash === offered.hash && settling.settledAt !== undefined);
}

/**
 * The progress after newly reported package statuses; what changes the agent besides is the caller's. `offered` holds the
 * hash of each package behind the reported aggregate hash, where it is one of ours: a status of an earlier package says
 * nothing of these.
 */
export function recordPackageStatuses(
  agent: Pick<AgentState, 'labels' | 'packageProgress'>,
  statuses: PackageStatuses,
  offered: ReadonlyMap<string, string> | undefined,
  now: number,
): PackageProgress {
  const before = agent.packageProgress ?? noProgress;
  const hash = statuses.offeredHash === '' ? '' : configHash(statuses.offeredHash);
  const told = statusesOf(statuses, offered);
  const state = stateOf(statuses, told);
  const errorMessage = messageOf(statuses, told);
  const isSame = before.status?.hash === hash;
  const { appliedAt, ...rest } = before;
  const wasApplied = isSame && before.status?.state === 'applied';
  return {
    ...rest,
    status: { hash, state, errorMessage },
    statusHashAt: isSame ? (before.statusHashAt ?? now) : now,
    ...(state === 'applied' && { appliedAt: wasApplied ? (appliedAt ?? now) : now }),
    ...(before.offered && { offered: { ...before.offered, denied: hash !== before.offered.hash } }),
    failedHashes:
      state === 'failed' && hash !== ''
        ? withEntry(agent, before, { hash, reason: errorMessage, now })
        : before.failedHashes,
  };
}

/**
 * Ends the entry of packages that the agent reports installed while it is healthy. Another version of the agent ends none,
 * as it does for configs: installing and going back change the version themselves.
 */
export function endPackageFailures(progress: PackageProgress, healthy: boolean): PackageProgress {
  const { status, failedHashes } = progress;
  if (failedHashes.length === 0 || status?.state !== 'applied' || !healthy) return progress;
  const left = failedHashes.filter(({ hash }) => hash !== status.hash);
  return left.length === failedHashes.length ? progress : { ...progress, failedHashes: left };
}

type Told = readonly (PackageStatus | undefined)[];

function statusesOf({ packages }: PackageStatuses, offered: ReadonlyMap<string, string> | undefined): Told {
  if (!offered) return [...packages.values()];
  return [...offered].map(([name, hash]) => {
    const status = packages.get(name);
    return status && (status.offeredHash === hash || status.hasHash === hash) ? status : undefined;
  });
}

function stateOf({ errorMessage, offeredHash }: PackageStatuses, told: Told): RemoteConfigState {
  if (offeredHash === '') return 'unset';
  if (errorMessage !== '' || told.some((one) => one?.state === 'install-failed')) return 'failed';
  return told.every((one) => one?.state === 'installed') ? 'applied' : 'applying';
}

function messageOf({ errorMessage }: PackageStatuses, told: Told): string {
  if (errorMessage !== '') return errorMessage;
  return told.find((one) => one?.state === 'install-failed')?.errorMessage ?? '';
}

function withEntry(
  { labels }: Pick<AgentState, 'labels'>,
  { failedHashes }: PackageProgress,
  { hash, reason, now }: { readonly hash: FailedHash['hash']; readonly reason: string; readonly now: number },
): readonly FailedHash[] {
  const version = labels.get('service.version');
  const entry = { hash, at: now, reason, version: typeof version === 'string' ? version : '' };
  return [...failedHashes.filter((known) => known.hash !== hash), entry].slice(-maxFailedHashes);
}
