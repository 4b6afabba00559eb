import {
  type AgentState,
  agentCapability,
  type EffectiveVerdict,
  type RenderedConfig,
} from '../model/index.ts';
import { canAcknowledge, hasFailed } from './decide-offer.ts';

export interface JudgePolicy {
  /** Milliseconds an agent may be unhealthy after APPLIED, or unsettled after an offer. */
  readonly healthTimeoutMs: number;
  /** Two of the agent's own report intervals, in milliseconds: added to the time to settle. */
  readonly reportGraceMs: number;
}

/** How an agent stands towards its target (fleet-repo.md, "In flight", with soak 0). */
export type AgentVerdict =
  | { readonly kind: 'settled' }
  | { readonly kind: 'failed'; readonly reason: FailureReason; readonly detail: string }
  | { readonly kind: 'in-flight' }
  | { readonly kind: 'cannot-confirm' }
  | { readonly kind: 'not-offered' };

/** Why an agent failed, in words that are safe to publish. */
export type FailureReason = 'rejected config' | 'wrong config' | 'drift' | 'unhealthy' | 'no answer';

/** Judges one agent against its target at `now` (milliseconds since the epoch). */
export function judgeAgent(
  agent: AgentState,
  target: RenderedConfig,
  policy: JudgePolicy,
  now: number,
): AgentVerdict {
  const status = agent.remoteConfigStatus;
  const evidence = findEvidence(agent, target, policy, now);
  if (evidence?.verdict === 'wrong-config') return failed('wrong config', evidence.reason ?? '');
  if (hasFailed(agent, target))
    return failed(
      'rejected config',
      agent.failedHashes.find((entry) => entry.hash === target.hash)?.reason ?? '',
    );
  if (!canAcknowledge(agent)) return judgeSilent(agent, target, policy, now);
  if (status?.hash !== target.hash) return judgeUnanswered(agent, target, policy, now);
  if (status.state === 'failed') return failed('rejected config', status.errorMessage);
  if (status.state !== 'applied') return overdue(agent.offered?.firstAt ?? agent.statusHashAt, policy, now);
  return judgeApplied(agent, policy, now);
}

/**
 * The comparison of what the agent runs with the target, where it counts. Supervisors report APPLYING together with the
 * config that ran until then, so that only APPLIED makes an effective config evidence, and what came before APPLIED tells
 * against an agent only if nothing newer comes by the health timeout; without statuses a wrong config is one only then.
 */
export function findEvidence(
  agent: Pick<AgentState, 'effective' | 'remoteConfigStatus' | 'appliedAt' | 'offered' | 'capabilities'>,
  target: Pick<RenderedConfig, 'hash'>,
  policy: Pick<JudgePolicy, 'healthTimeoutMs'>,
  now: number,
): EffectiveVerdict | undefined {
  if (agent.effective?.against !== target.hash) return undefined;
  const { verdict } = agent.effective;
  if (canAcknowledge(agent)) {
    const status = agent.remoteConfigStatus;
    if (status?.hash !== target.hash || status.state !== 'applied') return undefined;
    const appliedAt = agent.appliedAt ?? 0;
    const isOld = agent.effective.receivedAt < appliedAt && now - appliedAt < policy.healthTimeoutMs;
    return isOld && verdict?.verdict !== 'in-sync' ? undefined : verdict;
  }
  const isFresh = now - (agent.offered?.firstAt ?? now) < policy.healthTimeoutMs;
  return verdict?.verdict === 'wrong-config' && isFresh ? undefined : verdict;
}

function judgeApplied(agent: AgentState, policy: JudgePolicy, now: number): AgentVerdict {
  if ((agent.capabilities & agentCapability.reportsHealth) === 0) return { kind: 'settled' };
  if (agent.health?.healthy) return { kind: 'settled' };
  if (agent.unhealthyBefore) return { kind: 'settled' };
  const since = Math.max(agent.appliedAt ?? now, agent.healthSince ?? now);
  if (!agent.health) return overdue(agent.appliedAt, policy, now);
  if (now - since >= policy.healthTimeoutMs) return failed('unhealthy', agent.health.lastError);
  return { kind: 'in-flight' };
}

function judgeSilent(
  agent: AgentState,
  target: RenderedConfig,
  policy: JudgePolicy,
  now: number,
): AgentVerdict {
  const evidence = findEvidence(agent, target, policy, now);
  if (evidence && evidence.verdict !== 'unreadable') return { kind: 'settled' };
  if (agent.offered?.hash !== target.hash) return { kind: 'not-offered' };
  const reportsEffective = (agent.capabilities & agentCapability.reportsEffectiveConfig) !== 0;
  return reportsEffective ? overdue(agent.offered.firstAt, policy, now) : { kind: 'cannot-confirm' };
}

function judgeUnanswered(
  agent: AgentState,
  target: RenderedConfig,
  policy: JudgePolicy,
  now: number,
): AgentVerdict {
  if (agent.offered?.hash !== target.hash) return { kind: 'not-offered' };
  return overdue(agent.offered.firstAt, policy, now);
}

function overdue(since: number | undefined, policy: JudgePolicy, now: number): AgentVerdict {
  const limit = policy.healthTimeoutMs + policy.reportGraceMs;
  if (since !== undefined && now - since >= limit) return failed('no answer', '');
  return { kind: 'in-flight' };
}

function failed(reason: FailureReason, detail: string): AgentVerdict {
  return { kind: 'failed', reason, detail };
}
