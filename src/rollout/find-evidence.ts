import type { AgentState, EffectiveVerdict, RenderedConfig } from '../model/index.ts';
import { canAcknowledge } from './rollout-agent.ts';

/**
 * The comparison of what the agent runs with the target, where it counts. Supervisors report APPLYING together with the
 * config that ran until then, so that only APPLIED makes an effective config evidence, and what came before APPLIED tells
 * against an agent only if nothing newer comes by the health timeout; without statuses a wrong config is one only then.
 */
export function findEvidence(
  agent: Pick<AgentState, 'effective' | 'remoteConfigStatus' | 'appliedAt' | 'offered' | 'capabilities'>,
  target: Pick<RenderedConfig, 'hash'>,
  policy: { readonly healthTimeoutMs: number },
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
