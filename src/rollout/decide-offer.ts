import { type AgentState, type Assignment, agentCapability, type RenderedConfig } from '../model/index.ts';

/** What an offer decision depends on besides the agent itself. */
export interface OfferContext {
  readonly assignment: Assignment;
  /** The rendered target; undefined while it is not rendered or refused. */
  readonly target: RenderedConfig | undefined;
  /** Why the target is refused or withheld (`requires`, empty rendering, paused, a stop in force), if it is. */
  readonly heldReason: string | undefined;
  /** Milliseconds after which an unacknowledged offer may be made again. */
  readonly retryMs: number;
  readonly now: number;
}

/** What to do for one agent now. */
export type OfferDecision =
  | { readonly kind: 'offer'; readonly config: RenderedConfig }
  | { readonly kind: 'hold'; readonly reason: string }
  | { readonly kind: 'none' };

const none: OfferDecision = { kind: 'none' };

/** A hash that was just sent is not sent again within this time, whatever the agent reports meanwhile. */
const resendGuardMs = 5_000;

/**
 * Whether the agent is offered its target, by the rules of an immediate rollout: never to an agent whose description
 * is unknown, never a hash that it reports, was just sent or reported FAILED, never another hash than the target's
 * (OpAMP C-RC-2 … C-RC-5, C-RC-8, C-RC-10).
 */
export function decideOffer(agent: AgentState, context: OfferContext): OfferDecision {
  const { assignment, target } = context;
  if (!agent.connected || !agent.described) return none;
  if (assignment.kind === 'held') return { kind: 'hold', reason: assignment.reason };
  if (assignment.kind !== 'assigned') return none;
  if (!canAccept(agent)) return none;
  if (target && runs(agent, target)) return none;
  if (context.heldReason !== undefined) return { kind: 'hold', reason: context.heldReason };
  if (!target || target.files.length === 0) return none;
  if (hasFailed(agent, target)) return none;
  if (wasOffered(agent, target, context)) return none;
  return { kind: 'offer', config: target };
}

/** Whether the agent declares AcceptsRemoteConfig; nothing may be offered to it otherwise (C-CAP-1). */
export function canAccept(agent: Pick<AgentState, 'capabilities'>): boolean {
  return (agent.capabilities & agentCapability.acceptsRemoteConfig) !== 0;
}

/** Whether the agent acknowledges offers (ReportsRemoteConfig). */
export function canAcknowledge(agent: Pick<AgentState, 'capabilities'>): boolean {
  return (agent.capabilities & agentCapability.reportsRemoteConfig) !== 0;
}

/** Whether the agent's failure ledger names the target. */
export function hasFailed(agent: AgentState, target: RenderedConfig): boolean {
  return agent.failedHashes.some((failed) => failed.hash === target.hash);
}

function runs(agent: AgentState, target: RenderedConfig): boolean {
  if (agent.remoteConfigStatus?.hash === target.hash) return true;
  if (canAcknowledge(agent)) return false;
  return agent.effective?.against === target.hash && agent.effective.verdict?.verdict === 'in-sync';
}

function wasOffered(agent: AgentState, target: RenderedConfig, context: OfferContext): boolean {
  const { offered } = agent;
  if (!offered || offered.hash !== target.hash) return false;
  const age = context.now - offered.at;
  if (age >= 0 && age < resendGuardMs) return true;
  if (offered.connection !== agent.connection) return false;
  if (offered.denied) return false;
  return !canAcknowledge(agent) || age < context.retryMs;
}
