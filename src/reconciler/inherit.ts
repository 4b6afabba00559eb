import { agentTypes } from '../agent-types/index.ts';
import type { AgentState, InstanceUid } from '../model/index.ts';
import type { World } from './world.ts';

/**
 * Carries over what an agent refused under the uid that it had before its restart, where its type takes a new one at each
 * start (C-ID-6), and returns that uid, which is nobody's any more. While the other one is connected they are two agents.
 */
export function inherit(
  world: World,
  agent: AgentState,
): { readonly agent: AgentState; readonly replaces?: InstanceUid } {
  const identity = agentTypes[agent.type].stableIdentity?.(agent.labels, agent.tenant);
  if (identity === undefined) return { agent };
  const former = world.identities.get(agent.tenant, identity);
  if (former === agent.uid) return { agent };
  const before = former === undefined ? undefined : world.registry.get(former)?.agent;
  if (before?.connected) return { agent };
  // Whoever describes itself like another proves nothing by that: the credential must be the same too.
  if (before && before.credential !== agent.credential) return { agent };
  world.identities.set(agent.tenant, identity, agent.uid);
  if (!before || before.tenant !== agent.tenant) return { agent };
  const { failedHashes, firstSeenAt } = before;
  return { agent: { ...agent, failedHashes, firstSeenAt }, replaces: before.uid };
}
