import type {
  AgentReport,
  AgentState,
  AgentType,
  ComponentHealth,
  FailedHash,
  Labels,
  PackageProgress,
  RemoteConfigStatus,
} from '../model/index.ts';

/** What a report arrives with, besides its content. */
export interface ReportContext {
  readonly now: number;
  readonly tenant: string;
  readonly credential: string;
  readonly connection: string;
  readonly transport: 'ws' | 'http';
  /** Whether it is encrypted, or does not leave the machine. */
  readonly secure: boolean;
  /** Makes labels and type of a description; called only when the report carries one. */
  readonly describe: (report: AgentReport) => { readonly labels: Labels; readonly type: AgentType };
  /** The health as it counts for this type of agent: of a pool, its worst part's. */
  readonly judgeHealth: (health: ComponentHealth, type: AgentType) => ComponentHealth;
  /** Least milliseconds between two ReportFullState of one cause. */
  readonly fullStateEveryMs: number;
}

export interface AppliedReport {
  readonly agent: AgentState;
  readonly askFullState: boolean;
  readonly described: boolean;
}

const maxFailedHashes = 16;

/**
 * Merges one report into an agent's state (OpAMP, Agent Status Compression): absent members stay, present ones
 * replace. Asks for the full state at every new gap in sequence numbers (C-STAT-2) and, at most once per interval,
 * while the description is unknown (C-STAT-3, C-STAT-7).
 */
export function applyReport(
  before: AgentState | undefined,
  report: AgentReport,
  context: ReportContext,
): AppliedReport {
  const base = before && !isFreshStart(before, report) ? before : freshState(before, report, context);
  const gap =
    before !== undefined &&
    base === before &&
    before.sequence >= 0 &&
    report.sequence !== before.sequence + 1;
  const described = report.description !== undefined;
  const agent = mergeReport(base, report, context);
  const mustAsk = !agent.described && mayAskAgain(agent, context);
  const askFullState = !report.disconnect && (gap || mustAsk);
  return { agent: withFullStateAsk(agent, askFullState, described, context.now), askFullState, described };
}

/** A process that starts again counts from 0 and reports its description (C-STAT-4). */
function isFreshStart(before: AgentState, report: AgentReport): boolean {
  if (!report.description) return false;
  return report.sequence === 0 || (report.sequence < before.sequence && report.sequence <= 1);
}

function freshState(before: AgentState | undefined, report: AgentReport, context: ReportContext): AgentState {
  return {
    uid: report.uid,
    tenant: context.tenant,
    credential: context.credential,
    type: before?.type ?? 'otelcol',
    described: false,
    labels: before?.labels ?? new Map(),
    capabilities: 0,
    sequence: -1,
    connected: true,
    connection: context.connection,
    transport: context.transport,
    secure: context.secure,
    firstSeenAt: before?.firstSeenAt ?? context.now,
    lastSeenAt: context.now,
    saidGoodbye: false,
    failedHashes: before?.failedHashes ?? [],
    ...(before?.offered && { offered: { ...before.offered, denied: true } }),
    ...(before?.settling && { settling: before.settling }),
    ...(before?.connectionOffered && { connectionOffered: before.connectionOffered }),
    ...(before?.packageProgress && { packageProgress: unconfirmed(before.packageProgress) }),
  };
}

/** What it was offered and how that ended stays known; what it has installed it tells anew. */
function unconfirmed({ offered, unhealthyBefore, failedHashes, settling }: PackageProgress): PackageProgress {
  return {
    failedHashes,
    ...(offered && { offered: { ...offered, denied: true } }),
    ...(unhealthyBefore !== undefined && { unhealthyBefore }),
    ...(settling && { settling }),
  };
}

function mergeReport(base: AgentState, report: AgentReport, context: ReportContext): AgentState {
  const { now } = context;
  const description = report.description && context.describe(report);
  const health = report.health && context.judgeHealth(report.health, description?.type ?? base.type);
  const agent: AgentState = {
    ...base,
    tenant: context.tenant,
    credential: context.credential,
    sequence: report.sequence,
    capabilities: report.capabilities === 0 ? base.capabilities : report.capabilities,
    connected: !report.disconnect,
    connection: context.connection,
    transport: context.transport,
    secure: context.secure,
    lastSeenAt: now,
    saidGoodbye: report.disconnect,
    ...(report.disconnect && { disconnectedAt: now }),
    ...(description && { described: true, labels: description.labels, type: description.type }),
    ...(health && { health, healthSince: healthSince(base, health.healthy, now) }),
    ...mergeSettings(report),
  };
  const reported = report.remoteConfigStatus ? applyStatus(agent, report.remoteConfigStatus, now) : agent;
  return endLedgerEntries(report.disconnect ? withoutOffer(reported) : reported);
}

/** Whoever says goodbye owes no answer: when it is back, its time runs anew. */
function withoutOffer({ offered: _, ...agent }: AgentState): AgentState {
  return agent;
}

/** Statuses of what is offered beside configs, and what the build can do. */
function mergeSettings(report: AgentReport): Partial<AgentState> {
  return {
    ...(report.availableComponentsHash !== undefined && { componentsHash: report.availableComponentsHash }),
    ...(report.connectionSettingsStatus && { connectionSettingsStatus: report.connectionSettingsStatus }),
    ...(report.packageStatuses && { packageStatuses: report.packageStatuses }),
    ...(report.customCapabilities && { customCapabilities: report.customCapabilities }),
  };
}

/** An entry ends when the agent reports the hash APPLIED and healthy, in whichever order. */
function endLedgerEntries(agent: AgentState): AgentState {
  const status = agent.remoteConfigStatus;
  if (agent.failedHashes.length === 0 || status?.state !== 'applied' || agent.health?.healthy !== true)
    return agent;
  const failedHashes = agent.failedHashes.filter(({ hash }) => hash !== status.hash);
  return failedHashes.length === agent.failedHashes.length ? agent : { ...agent, failedHashes };
}

function healthSince(base: AgentState, healthy: boolean, now: number): number {
  if (base.healthSince !== undefined && base.health?.healthy === healthy) return base.healthSince;
  return now;
}

function applyStatus(agent: AgentState, status: RemoteConfigStatus, now: number): AgentState {
  const sameHash = agent.remoteConfigStatus?.hash === status.hash;
  const statusHashAt = sameHash ? (agent.statusHashAt ?? now) : now;
  const wasApplied = sameHash && agent.remoteConfigStatus?.state === 'applied';
  const { appliedAt: _, ...rest } = agent;
  return {
    ...rest,
    remoteConfigStatus: status,
    statusHashAt,
    ...(status.state === 'applied' && { appliedAt: wasApplied ? (agent.appliedAt ?? now) : now }),
    failedHashes: updateLedger(agent, status, now),
    ...(agent.offered && { offered: { ...agent.offered, denied: status.hash !== agent.offered.hash } }),
  };
}

/** FAILED enters the ledger; another version of the agent ends an entry (fleet-repo.md, "Failure ledger"). */
function updateLedger(agent: AgentState, status: RemoteConfigStatus, now: number): readonly FailedHash[] {
  const version = versionOf(agent.labels);
  const kept = agent.failedHashes.filter(
    (entry) => entry.version === '' || version === '' || entry.version === version,
  );
  if (status.state !== 'failed' || status.hash === '') return kept;
  const others = kept.filter((entry) => entry.hash !== status.hash);
  return [...others, { hash: status.hash, at: now, reason: status.errorMessage, version }].slice(
    -maxFailedHashes,
  );
}

function versionOf(labels: Labels): string {
  const version = labels.get('service.version');
  return typeof version === 'string' ? version : '';
}

function mayAskAgain(agent: AgentState, context: ReportContext): boolean {
  const askedAt = agent.fullStateAskedAt;
  return askedAt === undefined || context.now - askedAt >= context.fullStateEveryMs || context.now < askedAt;
}

function withFullStateAsk(agent: AgentState, asked: boolean, described: boolean, now: number): AgentState {
  if (asked) return { ...agent, fullStateAskedAt: now };
  if (!described || agent.fullStateAskedAt === undefined) return agent;
  const { fullStateAskedAt: _, ...rest } = agent;
  return rest;
}
