import { agentTypes, detectAgentType } from '../agent-types/index.ts';
import {
  type AppliedReport,
  applyReport,
  hasPackagesInFlight,
  isHeartbeat,
  type OscillationOptions,
  type RosterEntry,
  recordHeartbeat,
} from '../fleet/index.ts';
import type {
  AgentReport,
  AgentState,
  Assignment,
  ConnectionOffer,
  CustomMessage,
  FleetEvent,
  InstanceUid,
  PackagesOffer,
  RenderedConfig,
  TenantSnapshot,
} from '../model/index.ts';
import type { Clock, Logger } from '../runtime/index.ts';
import { applyFleetLabels, flattenLabels } from '../selectors/index.ts';
import { answerCustomMessage, type CustomCapability } from './custom/custom-capability.ts';
import { standingCapability } from './custom/standing-capability.ts';
import {
  assignAgent,
  type DecidedAgent,
  type DecisionPolicy,
  decideAgent,
  enterOffered,
  judgedBy,
  lacksEffective,
  targetOf,
  withOffer,
} from './decide-agent.ts';
import { withPackageStatuses, withPackagesOffer } from './decide-packages.ts';
import { inherit } from './inherit.ts';
import type { InspectionQueue } from './inspection-queue.ts';
import { createOscillationWatch } from './oscillation-watch.ts';
import { noteStatuses } from './settings/note-statuses.ts';
import type { SettingsDesk, SettingsReply } from './settings/settings-desk.ts';
import { takeEffective } from './take-effective.ts';
import type { World } from './world.ts';

/** Where a report came from; the OpAMP server's session has this shape. */
export interface ReportSession {
  readonly id: string;
  readonly transport: 'ws' | 'http';
  readonly tenant: string;
  readonly credential: string;
  /** `enroll` is good only for requesting a certificate; absent means full. */
  readonly scope?: 'full' | 'enroll';
  /** The one uid that a certificate of ours admits; absent for other credentials. */
  readonly boundUid?: InstanceUid | undefined;
  /** Whether it is encrypted, or does not leave the machine. */
  readonly secure?: boolean;
}

/** The answer to a report: at most an offer whose bytes are ready, never the result of waiting. */
export interface ReportReply {
  readonly reportFullState: boolean;
  readonly reportAvailableComponents?: boolean;
  readonly offer?: RenderedConfig;
  readonly connection?: ConnectionOffer;
  readonly packages?: PackagesOffer;
  readonly customMessage?: CustomMessage;
  readonly error?: {
    readonly type: 'bad-request' | 'unavailable';
    readonly message: string;
    readonly retryAfterMs?: number;
  };
}

export interface ReceiveOptions extends DecisionPolicy {
  /** Least milliseconds between two ReportFullState of one cause. */
  readonly fullStateEveryMs: number;
  readonly oscillation: OscillationOptions;
}

export interface ReceiveDeps {
  readonly world: World;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly inspection: InspectionQueue;
  readonly settings: SettingsDesk;
  /** Asks for a pass. */
  readonly request: (reason: string) => void;
  readonly remember: (agent: AgentState) => void;
  readonly forget: (uid: InstanceUid) => void;
  readonly onEvent: (event: FleetEvent) => void;
}

export interface Receiver {
  /** Answers one report at once, from memory. */
  receive(report: AgentReport, session: ReportSession): ReportReply;
  /** Gives an agent another uid and carries over what is known of it, unless the old one is in use elsewhere (C-ID-2). */
  rename(from: InstanceUid, to: InstanceUid, session: ReportSession): void;
  /** The connection of these agents is gone. */
  disconnected(uids: readonly InstanceUid[], session: { readonly id: string }): void;
}

/** Takes agents' reports: merges them, decides, answers, and hands effective configs on to be inspected. */
export function createReceiver(options: ReceiveOptions, deps: ReceiveDeps): Receiver {
  const { world, clock } = deps;
  const oscillation = createOscillationWatch(options.oscillation, deps);

  const receive = (report: AgentReport, session: ReportSession): ReportReply => {
    const now = clock.now();
    const before = world.registry.get(report.uid);
    const refusal = refuse(world, before, report, session);
    if (refusal) return { reportFullState: false, error: refusal };
    if (session.scope === 'enroll') return enroll(report, session, now);
    if (before && isSteady(before) && !isDue(report.uid) && isHeartbeat(before.agent, report, session.id)) {
      recordHeartbeat(before.agent, report, now);
      return steadyReply;
    }
    const applied = withPackages(
      succeed(apply(world, before?.agent, report, session, options, now, deps)),
      report,
      now,
    );
    adoptSuccessor(world, before?.agent, applied.agent);
    world.components.take(session.tenant, report);
    for (const event of noteStatuses(before?.agent, applied.agent, now)) deps.onEvent(event);
    const assignment = assignmentAfter(world, before, applied, now);
    if (before) oscillation.watch(before, assignment, now);
    if (report.certificateRequest) deps.settings.demand(applied.agent, session, report.certificateRequest);
    return settle(report, applied, assignment, now);
  };

  /** An agent that came back under another uid replaces what it was. */
  const succeed = (applied: AppliedReport): AppliedReport => {
    if (!applied.described) return applied;
    const { agent, replaces } = inherit(world, applied.agent);
    if (replaces !== undefined) {
      forgetAgent(agent.tenant, replaces);
    }
    return agent === applied.agent ? applied : { ...applied, agent };
  };

  /** A certificate for the old uid is no good for the new one. */
  const forgetAgent = (tenant: string, uid: InstanceUid): void => {
    world.registry.remove(uid);
    world.repliesDue.delete(uid);
    deps.settings.certificates.forget({ tenant, uid });
    deps.forget(uid);
  };

  const withPackages = (applied: AppliedReport, { packageStatuses }: AgentReport, now: number) => {
    const agent = withPackageStatuses(world, applied.agent, packageStatuses, now);
    return agent === applied.agent ? applied : { ...applied, agent };
  };

  // What a pass decided for an agent that polls waits for its next report.
  const isDue = (uid: InstanceUid) => world.repliesDue.size > 0 && world.repliesDue.has(uid);

  /** An agent that may only ask for a certificate is no part of the fleet yet: nothing of it is kept. */
  const enroll = (report: AgentReport, session: ReportSession, now: number): ReportReply => {
    if (!report.certificateRequest || report.disconnect) return steadyReply;
    const { agent } = apply(world, undefined, report, session, options, now, deps);
    deps.settings.demand(agent, session, report.certificateRequest);
    return steadyReply;
  };

  const settle = (
    report: AgentReport,
    applied: AppliedReport,
    assignment: Assignment,
    now: number,
  ): ReportReply => {
    const { target } = targetOf(world, applied.agent, assignment, now);
    const judged = judgedBy(world, applied.agent, assignment, target, now);
    const { bytes } = judged;
    const withEffective = takeEffective(deps.inspection, applied.agent, report, judged, now);
    const asksEffective = lacksEffective(withEffective, bytes) && !report.effectiveConfig;
    const asked =
      asksEffective && bytes ? { ...withEffective, effectiveAskedFor: bytes.hash } : withEffective;
    const reportAvailableComponents = !report.disconnect && world.components.mustAsk(asked, now);
    const settings = report.disconnect ? noSettings : deps.settings.compose(asked, now);
    world.repliesDue.delete(asked.uid);
    const agent = deps.settings.withSent(asked, settings, now);
    const decided = decideAgent(world, agent, assignment, options, now);
    const { agent: offered, ...offers } = report.disconnect
      ? { agent: decided.entry.agent }
      : takeOffers(world, decided, now);
    if (!target && assignment.kind === 'assigned' && !world.renderings.get(assignment.renderKey))
      deps.request('rendering');
    const reply: ReportReply = {
      reportFullState: (applied.askFullState || asksEffective) && !report.disconnect,
      ...(reportAvailableComponents && { reportAvailableComponents }),
      ...settings,
      ...offers,
    };
    const isOffered = offered !== decided.entry.agent;
    commit(isOffered ? enterOffered(world, decided, offered, options, now) : decided.entry);
    const customMessage =
      report.customMessage && answerCustomMessage(customCapabilities, world, agent, report.customMessage);
    return customMessage ? { ...reply, customMessage } : reply;
  };

  const commit = (entry: RosterEntry) => {
    const before = world.registry.get(entry.agent.uid);
    world.registry.put(entry);
    deps.remember(entry.agent);
    if (
      before?.facts.delivery !== entry.facts.delivery ||
      before.packages?.delivery !== entry.packages?.delivery ||
      before.facts.connected !== entry.facts.connected ||
      !isSteady(entry)
    )
      deps.request('report');
  };

  return {
    receive,
    rename(from, to, session) {
      const entry = world.registry.get(from);
      if (!entry || entry.agent.tenant !== session.tenant || session.scope === 'enroll') return;
      if (entry.agent.connected && entry.agent.connection !== session.id) return;
      forgetAgent(entry.agent.tenant, from);
      world.registry.put({ ...entry, agent: { ...entry.agent, uid: to } });
    },
    disconnected(uids, session) {
      const now = clock.now();
      for (const uid of uids) {
        const entry = world.registry.get(uid);
        if (!entry?.agent.connected || entry.agent.connection !== session.id) continue;
        const agent = { ...entry.agent, connected: false, disconnectedAt: now };
        commit(decideAgent(world, agent, entry.assignment, options, now).entry);
        oscillation.forget(uid);
      }
    },
  };
}

/** What the server can do beyond OpAMP's own messages. */
export const customCapabilities: readonly CustomCapability[] = [standingCapability];

const noSettings: SettingsReply = {};
const steadyReply: ReportReply = { reportFullState: false };

/** What a reply carries of what was decided, and the agent with a record of it. */
function takeOffers(
  world: World,
  { entry, decision, packages }: DecidedAgent,
  now: number,
): { readonly agent: AgentState } & Pick<ReportReply, 'offer' | 'packages'> {
  const withConfig = decision.kind === 'offer' ? withOffer(world, entry, decision, now) : entry.agent;
  const composed = packages.kind === 'offer' && world.packageTargets.compose(packages.bytes, entry.agent);
  return {
    agent: composed ? withPackagesOffer(world, withConfig, packages, now) : withConfig,
    ...(decision.kind === 'offer' && { offer: decision.bytes }),
    ...(composed && { packages: composed }),
  };
}

/** Nothing about the agent waits for its next report. */
function isSteady(entry: RosterEntry): boolean {
  const { facts } = entry;
  if (hasPackagesInFlight(entry)) return false;
  if (facts.delivery === 'applied') return facts.settled && facts.sync !== 'Unknown';
  return facts.delivery !== 'offered' && facts.delivery !== 'pending' && facts.delivery !== 'applying';
}

function refuse(
  world: World,
  before: RosterEntry | undefined,
  report: AgentReport,
  session: ReportSession,
): ReportReply['error'] {
  if (before && before.agent.tenant !== session.tenant && !before.agent.saidGoodbye)
    return { type: 'bad-request', message: 'this instance uid is in use elsewhere; set another one' };
  const tenant = world.inForce.get(session.tenant)?.snapshot;
  if (!tenant || before?.agent.connected) return undefined;
  const limit = tenant.manifest.limits.maxAgents;
  if (limit !== undefined && !report.disconnect && world.registry.connectedIn(session.tenant) >= limit)
    return {
      type: 'unavailable',
      message: `tenant ${session.tenant} has its limit of ${limit} agents connected`,
      retryAfterMs: 60_000,
    };
  return undefined;
}

function apply(
  world: World,
  before: AgentState | undefined,
  report: AgentReport,
  session: ReportSession,
  options: ReceiveOptions,
  now: number,
  deps: ReceiveDeps,
): AppliedReport {
  const own = before?.tenant === session.tenant ? before : undefined;
  const tenant = world.inForce.get(session.tenant)?.snapshot;
  return applyReport(own, report, {
    now,
    tenant: session.tenant,
    credential: session.credential,
    connection: session.id,
    transport: session.transport,
    secure: session.secure === true,
    fullStateEveryMs: options.fullStateEveryMs,
    describe: (described) => describe(described, session.tenant, tenant, deps.logger),
    judgeHealth: (health, type) => agentTypes[type].judgeHealth?.(health) ?? health,
  });
}

function describe(report: AgentReport, tenant: string, snapshot: TenantSnapshot | undefined, logger: Logger) {
  const description = report.description ?? { identifying: [], nonIdentifying: [] };
  const type = detectAgentType(description);
  const { labels, warnings } = flattenLabels(description, { uid: report.uid, tenant, type });
  if (warnings.length > 0)
    logger.debug({ uid: report.uid, warnings: warnings.slice(0, 5) }, 'attributes left out of labels');
  return { labels: snapshot ? applyFleetLabels(labels, snapshot.fleet.labels) : labels, type };
}

function assignmentAfter(
  world: World,
  before: RosterEntry | undefined,
  applied: AppliedReport,
  now: number,
): Assignment {
  if (
    before &&
    !applied.described &&
    before.agent.tenant === applied.agent.tenant &&
    before.agent.described === applied.agent.described
  )
    return before.assignment;
  return assignAgent(world, applied.agent, now);
}

/**
 * What an agent came to run after bytes of ours is ours as well, though the store does not say so: it was restored from
 * an older copy. Nobody who runs that is sent back to a last good of before.
 */
function adoptSuccessor({ renderings }: World, before: AgentState | undefined, after: AgentState): void {
  const [known, reported] = [before?.remoteConfigStatus, after.remoteConfigStatus];
  if (!known || !reported || reported.hash === '' || reported.hash === known.hash) return;
  if (renderings.passesForOurs(known.hash) && !renderings.isOurs(reported.hash))
    renderings.adopt(reported.hash);
}
