import type { AgentFacts } from '../fleet/index.ts';
import {
  type AgentState,
  type Assignment,
  agentCapability,
  type Delivery,
  type Health,
  type RenderedConfig,
  type Sync,
} from '../model/index.ts';
import {
  canAccept,
  findEvidence,
  type Judgement,
  type Offerable,
  runsBytes,
  type Standing,
} from '../rollout/index.ts';
import type { World } from './world.ts';

export interface FactsContext {
  readonly world: Pick<World, 'renderings'>;
  readonly assignment: Assignment;
  readonly target: RenderedConfig | undefined;
  /** Why it is held, if it is. */
  readonly reason: string | undefined;
  readonly heldBy?: 'agent' | 'rollout' | undefined;
  /** Where it stands in the rollout of its AgentConfig, if it is part of one. */
  readonly standing?: Standing;
  readonly lastGood?: RenderedConfig | undefined;
  /** Milliseconds without a connection after which an agent's health is Missing. */
  readonly livenessMs: number;
  readonly now: number;
}

/** An agent's separate facts, from its merged state and what was decided for it. */
export function computeFacts(agent: AgentState, context: FactsContext): AgentFacts {
  const { assignment, target, standing } = context;
  const delivery = deliveryOf(agent, context);
  const expected = expectedBytes(agent, context);
  const judged = expected && judgedVerdict(agent, expected, context.now);
  return {
    config: configOf(assignment),
    delivery,
    sync: syncOf(agent, delivery, judged, expected),
    health: healthOf(agent, delivery, context),
    connected: agent.connected,
    takesPart:
      agent.connected || (!agent.saidGoodbye && target !== undefined && agent.offered?.hash === target.hash),
    drifted: judged === 'drift',
    wrongConfig: judged === 'wrong-config',
    settled: standing?.judgement.kind === 'settled' && delivery === 'applied',
    cannotConfirm: standing?.judgement.kind === 'cannot-confirm',
    reason: reasonOf(context, delivery),
    heldBy: delivery === 'held' ? context.heldBy : undefined,
  };
}

/** The AgentConfig that an assignment names; a conflict counts against the first of its files. */
export function configOf(assignment: Assignment): string | undefined {
  switch (assignment.kind) {
    case 'assigned':
    case 'held':
      return assignment.config;
    case 'conflict':
      return assignment.configs[0];
    case 'unmanaged':
      return undefined;
  }
}

/** What it should run now: last good while that is what it has, else its target. */
function expectedBytes(agent: AgentState, { target, lastGood }: FactsContext): RenderedConfig | undefined {
  return lastGood && !runsBytes(agent, target) && runsBytes(agent, lastGood) ? lastGood : target;
}

function judgedVerdict(agent: AgentState, bytes: RenderedConfig, now: number) {
  return findEvidence(agent, bytes, { healthTimeoutMs: evidenceTimeoutMs }, now)?.verdict;
}

/** What came before APPLIED counts against an agent only if nothing newer comes in this time. */
const evidenceTimeoutMs = 300_000;

function deliveryOf(
  agent: AgentState,
  { assignment, standing, target, reason, world }: FactsContext,
): Delivery {
  const reported = agent.remoteConfigStatus?.hash ?? '';
  if (assignment.kind === 'unmanaged')
    return reported !== '' && world.renderings.isOurs(reported) ? 'orphaned' : 'unmanaged';
  if (assignment.kind === 'conflict') return 'conflict';
  if (assignment.kind === 'held') return 'held';
  if (agent.described && !canAccept(agent)) return 'unsupported';
  const waits: Delivery = reason === undefined ? 'pending' : 'held';
  return target && standing ? judgedDelivery(agent, target, standing.judgement, waits) : waits;
}

/** Where a target stands on its way to an agent that may have it. */
export function judgedDelivery(
  agent: Pick<AgentState, 'remoteConfigStatus'>,
  target: Offerable,
  judgement: Judgement,
  waits: Delivery,
): Delivery {
  switch (judgement.kind) {
    case 'settled':
    case 'soaking':
      return 'applied';
    case 'failed':
      return 'failed';
    case 'cannot-confirm':
      return 'unacknowledged';
    case 'not-offered':
      return waits;
    case 'in-flight':
    case 'lost':
      return inFlightDelivery(agent, target);
  }
}

function inFlightDelivery(
  { remoteConfigStatus: status }: Pick<AgentState, 'remoteConfigStatus'>,
  target: Offerable,
): Delivery {
  if (status?.hash !== target.hash) return 'offered';
  return status.state === 'applied' ? 'applied' : 'applying';
}

function syncOf(
  agent: AgentState,
  delivery: Delivery,
  judged: string | undefined,
  expected: RenderedConfig | undefined,
): Sync {
  if (judged === 'drift' || judged === 'wrong-config') return 'OutOfSync';
  const known: Sync = judged === 'in-sync' || !reportsEffectiveConfig(agent) ? 'Synced' : 'Unknown';
  switch (delivery) {
    case 'applied':
      return known;
    case 'held':
      return agent.remoteConfigStatus?.state === 'applied' && runsBytes(agent, expected)
        ? known
        : 'OutOfSync';
    case 'unmanaged':
    case 'unacknowledged':
    case 'unsupported':
      return 'Unknown';
    default:
      return 'OutOfSync';
  }
}

function reportsEffectiveConfig(agent: AgentState): boolean {
  return (agent.capabilities & agentCapability.reportsEffectiveConfig) !== 0;
}

/** Whether an agent has been gone for so long that its last health says nothing any more. */
export function isMissing(agent: AgentState, livenessMs: number, now: number): boolean {
  return !agent.connected && now - (agent.disconnectedAt ?? agent.lastSeenAt) >= livenessMs;
}

function healthOf(agent: AgentState, delivery: Delivery, context: FactsContext): Health {
  if (isMissing(agent, context.livenessMs, context.now)) return 'Missing';
  if (agent.health?.healthy) return 'Healthy';
  if (delivery === 'offered' || delivery === 'applying') return 'Progressing';
  return agent.health ? 'Degraded' : 'Unknown';
}

function reasonOf({ assignment, reason, standing }: FactsContext, delivery: Delivery): string | undefined {
  if (assignment.kind === 'held') return assignment.reason;
  if (assignment.kind === 'conflict') return `conflict: ${assignment.configs.join(', ')}`;
  if (delivery === 'held') return reason;
  return standing?.judgement.kind === 'failed' ? standing.judgement.reason : undefined;
}
