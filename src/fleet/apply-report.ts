import type {
  AgentReport,
  AgentState,
  AgentType,
  ComponentHealth,
  FailedHash,
  Labels,
  LabelValue,
  PackageProgress,
  RemoteConfigStatus,
} from '../model/index.ts';
import { type AgentDraft, copyAgent, unknownAgent } from './copy-agent.ts';

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
  if (askFullState) agent.fullStateAskedAt = context.now;
  else if (described) agent.fullStateAskedAt = undefined;
  return { agent, askFullState, described };
}

/** A process that starts again counts from 0 and reports its description (C-STAT-4). */
function isFreshStart(before: AgentState, report: AgentReport): boolean {
  if (!report.description) return false;
  return report.sequence === 0 || (report.sequence < before.sequence && report.sequence <= 1);
}

function freshState(before: AgentState | undefined, report: AgentReport, context: ReportContext): AgentState {
  return {
    ...unknownAgent,
    uid: report.uid,
    tenant: context.tenant,
    credential: context.credential,
    type: before?.type ?? 'otelcol',
    labels: before?.labels ?? new Map(),
    connection: context.connection,
    transport: context.transport,
    secure: context.secure,
    firstSeenAt: before?.firstSeenAt ?? context.now,
    lastSeenAt: context.now,
    failedHashes: before?.failedHashes ?? [],
    offered: before?.offered && { ...before.offered, denied: true },
    settling: before?.settling,
    connectionOffered: before?.connectionOffered,
    packageProgress: before?.packageProgress && unconfirmed(before.packageProgress),
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

function mergeReport(base: AgentState, report: AgentReport, context: ReportContext): AgentDraft {
  const { now } = context;
  const agent = copyAgent(base);
  agent.tenant = context.tenant;
  agent.credential = context.credential;
  agent.connection = context.connection;
  agent.transport = context.transport;
  agent.secure = context.secure;
  agent.sequence = report.sequence;
  agent.lastSeenAt = now;
  agent.connected = !report.disconnect;
  agent.saidGoodbye = report.disconnect;
  if (report.capabilities !== 0) agent.capabilities = report.capabilities;
  if (report.description) describeAgent(agent, report, context);
  if (report.health) takeHealth(agent, context.judgeHealth(report.health, agent.type), now);
  takeStatuses(agent, report);
  if (report.remoteConfigStatus) takeConfigStatus(agent, report.remoteConfigStatus, now);
  if (report.disconnect) {
    agent.disconnectedAt = now;
    // Whoever says goodbye owes no answer: when it is back, its time runs anew.
    agent.offered = undefined;
  }
  endLedgerEntries(agent);
  return agent;
}

function describeAgent(agent: AgentDraft, report: AgentReport, { describe }: ReportContext): void {
  const { labels, type } = describe(report);
  agent.described = true;
  // Kept where nothing changed: what hangs on labels, such as the agent's row in the store, is told by the object.
  if (!sameLabels(agent.labels, labels)) agent.labels = labels;
  agent.type = type;
}

function sameLabels(a: Labels, b: Labels): boolean {
  if (a.size !== b.size) return false;
  for (const [key, value] of b) if (!sameValue(a.get(key), value)) return false;
  return true;
}

function sameValue(a: LabelValue | undefined, b: LabelValue): boolean {
  if (a === b) return true;
  if (a === undefined || typeof a === 'string' || typeof b === 'string') return false;
  return a.length === b.length && a.every((element, index) => element === b[index]);
}

function takeHealth(agent: AgentDraft, health: ComponentHealth, now: number): void {
  const stays = agent.healthSince !== undefined && agent.health?.healthy === health.healthy;
  if (!stays) agent.healthSince = now;
  agent.health = health;
}

/** Statuses of what is offered beside configs, and what the build can do. */
function takeStatuses(agent: AgentDraft, report: AgentReport): void {
  if (report.availableComponentsHash !== undefined) agent.componentsHash = report.availableComponentsHash;
  if (report.connectionSettingsStatus) agent.connectionSettingsStatus = report.connectionSettingsStatus;
  if (report.packageStatuses) agent.packageStatuses = report.packageStatuses;
  if (report.customCapabilities) agent.customCapabilities = report.customCapabilities;
}

/** An entry ends when the agent reports the hash APPLIED and healthy, in whichever order. */
function endLedgerEntries(agent: AgentDraft): void {
  const status = agent.remoteConfigStatus;
  if (agent.failedHashes.length === 0 || status?.state !== 'applied' || agent.health?.healthy !== true)
    return;
  agent.failedHashes = agent.failedHashes.filter(({ hash }) => hash !== status.hash);
}

function takeConfigStatus(agent: AgentDraft, status: RemoteConfigStatus, now: number): void {
  const { remoteConfigStatus: known, offered } = agent;
  const sameHash = known?.hash === status.hash;
  const wasApplied = sameHash && known.state === 'applied';
  agent.remoteConfigStatus = status;
  agent.statusHashAt = sameHash ? (agent.statusHashAt ?? now) : now;
  if (status.state !== 'applied') agent.appliedAt = undefined;
  else if (!wasApplied) agent.appliedAt = now;
  else agent.appliedAt ??= now;
  agent.failedHashes = updateLedger(agent, status, now);
  if (offered) agent.offered = { ...offered, denied: status.hash !== offered.hash };
}

/** FAILED enters the ledger; another version of the agent ends an entry (fleet-repo.md, "Failure ledger"). */
function updateLedger(agent: AgentState, status: RemoteConfigStatus, now: number): readonly FailedHash[] {
  if (agent.failedHashes.length === 0 && status.state !== 'failed') return agent.failedHashes;
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
