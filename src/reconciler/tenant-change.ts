import type { Assigner } from '../desired-state/index.ts';
import { type AgentState, credentialClaim, type TenantSnapshot } from '../model/index.ts';
import { relabelAgent } from './relabel-agent.ts';

/** One tenant in the revision in force and in the next one; undefined where that revision has no such tenant. */
export interface TenantPair {
  readonly before: TenantSnapshot | undefined;
  readonly after: TenantSnapshot | undefined;
}

/** What a revision asks for a tenant: `refused` has errors and leaves what is in force. */
export type TenantChange = 'refused' | 'unchanged' | 'changed';

/** How a revision changes one tenant; a repo that is emptied counts as a change for everybody. */
export function tenantChangeOf({ before, after }: TenantPair, emptied: boolean): TenantChange {
  if (after?.hasErrors) return 'refused';
  const isSame = before !== undefined && before.inputsHash === after?.inputsHash;
  return isSame && !emptied ? 'unchanged' : 'changed';
}

/** Whether a revision has no AgentConfig at all while the repo in force has some. */
export function isEmptied(before: Iterable<TenantSnapshot>, after: Iterable<TenantSnapshot>): boolean {
  return countConfigs(after) === 0 && countConfigs(before) > 0;
}

/** Whether an agent that has a config would have none; `assigner` is that of `after`. */
export function isLeftWithout(
  agent: AgentState,
  { before, after }: TenantPair,
  assigner: Assigner | undefined,
  now: number,
): boolean {
  if (!assigner) return true;
  return assigner.assign(relabelAgent(agent, before, after).labels, now).kind === 'unmanaged';
}

/** Who claims which credentials: a newcomer cannot take them. */
export function ownersOfCredentials(tenants: Iterable<TenantSnapshot>): ReadonlyMap<string, string> {
  const owners = new Map<string, string>();
  for (const { name, manifest } of tenants)
    for (const claim of manifest.enrollment.map(credentialClaim))
      if (!owners.has(claim)) owners.set(claim, name);
  return owners;
}

function countConfigs(tenants: Iterable<TenantSnapshot>): number {
  let count = 0;
  for (const { configs } of tenants) count += configs.length;
  return count;
}
