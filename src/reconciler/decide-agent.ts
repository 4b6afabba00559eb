import { copyAgent, type RosterEntry } from '../fleet/index.ts';
import { type AgentState, type Assignment, agentCapability, type RenderedConfig } from '../model/index.ts';
import {
  contributionOf,
  decide,
  findStanding,
  type RolloutCase,
  type RolloutDecision,
  recordJudgement,
  recordOffer,
  type Standing,
} from '../rollout/index.ts';
import { computeFacts } from './compute-facts.ts';
import { decidePackages, type PackagesDecision } from './decide-packages.ts';
import type { RenderRequest } from './ports.ts';
import { caseOf, gatesOf, lastGoodOf } from './rollouts/roll-case.ts';
import { noteWaiting } from './rollouts/rollout-book.ts';
import { type Withholding, withholdFromAgent } from './withhold.ts';
import type { World } from './world.ts';

export interface DecisionPolicy {
  /** Milliseconds after which an unacknowledged offer is made again. */
  readonly offerRetryMs: number;
  /** Milliseconds without a sign of life after which an agent is not connected; its health is Missing after as long again. */
  readonly livenessMs: number;
  /** Two of the agent's own report intervals, in milliseconds: added to the time to settle. */
  readonly reportGraceMs: number;
}

export type Decision = RolloutDecision<RenderedConfig>;

export interface DecidedAgent {
  /** The agent with what was found out about it, its facts, and its part in its rollout. */
  readonly entry: RosterEntry;
  readonly decision: Decision;
  readonly packages: PackagesDecision;
  /** What it was decided from; undefined where no rollout has the agent. */
  readonly situation: Situation | undefined;
}

interface Situation {
  readonly found: Target;
  readonly rolled: NonNullable<ReturnType<typeof caseOf>>;
}

const none = { kind: 'none' } as const;

/** Which AgentConfig owns the agent, under its tenant's snapshot in force, by the labels that it last had. */
export function assignAgent(world: World, agent: AgentState, now: number): Assignment {
  const tenant = world.inForce.get(agent.tenant);
  if (!tenant || agent.labels.size === 0) return { kind: 'unmanaged' };
  return tenant.assigner.assign(agent.labels, now);
}

/** Decides for one agent from memory: its facts and what it is offered. Asks for a rendering that is missing. */
export function decideAgent(
  world: World,
  before: AgentState,
  assignment: Assignment,
  policy: DecisionPolicy,
  now: number,
): DecidedAgent {
  const packages = decidePackages(world, before, policy, now);
  const decided = decideConfig(world, packages?.agent ?? before, assignment, policy, now);
  if (!packages) return { ...decided, packages: none };
  return { ...decided, entry: { ...decided.entry, packages: packages.part }, packages: packages.decision };
}

/** The entry of an agent once it was offered what was decided for it just now; `offered` has a record of it. */
export function enterOffered(
  world: World,
  { entry, packages, situation }: DecidedAgent,
  offered: AgentState,
  policy: DecisionPolicy,
  now: number,
): RosterEntry {
  const { assignment } = entry;
  if (!situation || packages.kind === 'offer')
    return decideAgent(world, offered, assignment, policy, now).entry;
  const { found, rolled } = situation;
  const one = { ...rolled.one, agent: offered };
  const standing = findStanding(one);
  // Nobody is offered the same twice at once.
  noteWaiting(rolled.unit, offered.uid, none);
  const agent = withJudgement(offered, one, standing, now);
  const next = enter(
    world,
    agent,
    assignment,
    { found, rolled: { ...rolled, one }, standing, decision: none },
    policy,
    now,
  );
  return entry.packages ? { ...next, packages: entry.packages } : next;
}

function decideConfig(
  world: World,
  before: AgentState,
  assignment: Assignment,
  policy: DecisionPolicy,
  now: number,
): Omit<DecidedAgent, 'packages'> {
  const found = targetOf(world, before, assignment, now);
  const rolled = caseOf(world, before, assignment, found, { reportGraceMs: policy.reportGraceMs, now });
  if (!rolled) {
    const reason = found.heldReason ?? (assignment.kind === 'held' ? assignment.reason : undefined);
    const { target } = found;
    const facts = computeFacts(before, {
      ...{ world, assignment, target, reason },
      livenessMs: policy.livenessMs,
      now,
    });
    return { entry: { agent: before, assignment, facts }, decision: none, situation: undefined };
  }
  const { unit, one } = rolled;
  const standing = findStanding(one);
  const agent = withJudgement(before, one, standing, now);
  const decision =
    decideNow(world, agent, found) ?? decide(one, standing, gatesOf(world, unit, policy.offerRetryMs));
  noteWaiting(unit, agent.uid, decision);
  const entry = enter(world, agent, assignment, { found, rolled, standing, decision }, policy, now);
  return { entry, decision, situation: { found, rolled } };
}

/** The entry of an agent in its rollout. */
function enter(
  world: World,
  agent: AgentState,
  assignment: Assignment,
  decided: Situation & { readonly standing: Standing; readonly decision: Decision },
  { livenessMs }: DecisionPolicy,
  now: number,
): RosterEntry {
  const { standing, decision } = decided;
  const { target } = decided.found;
  const { unit, one } = decided.rolled;
  const reason = decision.kind === 'hold' ? decision.reason : one.ownHold;
  const heldBy = heldByOf(reason, one.ownHold);
  const { lastGood } = one;
  const context = { world, assignment, target, reason, heldBy, standing, lastGood, livenessMs, now };
  const facts = computeFacts(agent, context);
  if (target && facts.settled && !facts.cannotConfirm) world.renderings.prove(target.hash);
  const { returns } = standing;
  const rollout = { unit: unit.id, contribution: contributionOf(one, standing), returns };
  return { agent, assignment, facts, rollout };
}

function heldByOf(reason: string | undefined, own: string | undefined): 'agent' | 'rollout' | undefined {
  if (reason === undefined) return undefined;
  return reason === own ? 'agent' : 'rollout';
}

/** What needs no rollout to be decided: nothing goes out, not even last good. */
function decideNow(world: World, agent: AgentState, { waiting }: Target): Decision | undefined {
  if (waiting) return none;
  return isBeforeGit(world, agent) ? { kind: 'hold', reason: beforeGit } : undefined;
}

const beforeGit = 'waiting until Git was read';

/** What the store says may be older than what the agent runs. */
function isBeforeGit(world: World, agent: AgentState): boolean {
  const reported = agent.remoteConfigStatus?.hash ?? '';
  return !world.confirmed && reported !== '' && !world.renderings.isOurs(reported);
}

function withJudgement(
  agent: AgentState,
  { target }: RolloutCase<RenderedConfig>,
  { judgement }: Standing,
  now: number,
): AgentState {
  if (!target) return agent;
  const found = recordJudgement(agent, target, judgement, now);
  if (!found.failedHashes && !found.settling) return agent;
  const judged = copyAgent(agent);
  if (found.failedHashes) judged.failedHashes = found.failedHashes;
  if (found.settling) judged.settling = found.settling;
  return judged;
}

/** What an agent should run, and why that does not go out now. */
export interface Target extends Withholding {
  readonly target: RenderedConfig | undefined;
}

/** The agent's rendered target, and why this agent of all cannot have it. */
export function targetOf(world: World, agent: AgentState, assignment: Assignment, now: number): Target {
  const nothing = { target: undefined, heldReason: undefined, waiting: false };
  if (assignment.kind === 'held') return { ...nothing, heldReason: assignment.reason };
  if (assignment.kind !== 'assigned') return nothing;
  const owner = world.inForce.get(agent.tenant)?.configs.get(assignment.config);
  const result = world.renderings.get(assignment.renderKey);
  if (!result) world.renderings.want(agent.tenant, assignment, owner?.inputsHash ?? '');
  if (result?.kind === 'held') return { ...nothing, heldReason: result.reason };
  const target = result?.config;
  const own = withholdFromAgent(world, agent, owner, target, now);
  return { target, heldReason: heldByUs(world, agent, now) ?? own.heldReason, waiting: own.waiting };
}

function heldByUs(world: World, agent: AgentState, now: number): string | undefined {
  if (isBeforeGit(world, agent)) return beforeGit;
  const until = world.frozen.frozenUntil(agent.uid, now);
  if (until === undefined) return undefined;
  return `its labels change with its config; left alone until ${new Date(until).toISOString().slice(0, 16)}Z`;
}

/** Records that an offer went out, so that it is not sent again. */
export function withOffer(
  world: World,
  { agent, assignment }: Pick<RosterEntry, 'agent' | 'assignment'>,
  offer: Extract<Decision, { kind: 'offer' }>,
  now: number,
): AgentState {
  const config = 'config' in assignment ? assignment.config : '';
  const startedAt = world.rollouts.of(agent.tenant, config)?.state.startedAt ?? now;
  const { offered, unhealthyBefore } = recordOffer(agent, offer.bytes, offer.as, { startedAt }, now);
  const sent = copyAgent(agent);
  sent.offered = offered;
  sent.unhealthyBefore = unhealthyBefore;
  return sent;
}

/** What a reported effective config is held against, and how to render it for that. */
export interface Judged {
  readonly bytes: RenderedConfig | undefined;
  readonly desired: RenderRequest | undefined;
}

/** The config by which what the agent runs is judged: its target, or last good where it runs that. */
export function judgedBy(
  world: World,
  agent: AgentState,
  assignment: Assignment,
  target: RenderedConfig | undefined,
  now: number,
): Judged {
  const { tenant } = agent;
  const revision = world.inForce.get(tenant)?.snapshot.revision;
  const desired =
    assignment.kind === 'assigned' && revision ? { revision, tenant, assigned: assignment } : undefined;
  const reported = agent.remoteConfigStatus?.hash;
  if (!target || !desired || !reported || reported === target.hash) return { bytes: target, desired };
  const good = lastGoodOf(world, agent, desired.assigned, now);
  if (good?.bytes?.hash !== reported) return { bytes: target, desired };
  return { bytes: good.bytes, desired: { revision: good.revision, tenant, assigned: good.assigned } };
}

/** Whether one ReportFullState should ask for an effective config: none came that counts for or against the target. */
export function lacksEffective(agent: AgentState, target: RenderedConfig | undefined): boolean {
  if (
    !target ||
    agent.remoteConfigStatus?.hash !== target.hash ||
    agent.remoteConfigStatus.state !== 'applied'
  )
    return false;
  if ((agent.capabilities & agentCapability.reportsEffectiveConfig) === 0) return false;
  if (agent.effectiveAskedFor === target.hash) return false;
  if (agent.effective?.against !== target.hash) return true;
  const { verdict, receivedAt } = agent.effective;
  return verdict !== undefined && verdict.verdict !== 'in-sync' && receivedAt < (agent.appliedAt ?? 0);
}
