import {
  type AgentState,
  type CredentialGoing,
  credentialClaim,
  type OrphanSelector,
  type PlannedRemoval,
} from '../../model/index.ts';
import type { TenantPair } from '../tenant-change.ts';
import type { Tally } from './tally.ts';

/** AgentConfigs that would be gone, with the agents that they own now. */
export function findRemovals(
  { before, after }: TenantPair,
  guarded: boolean,
  tally: Tally,
): readonly PlannedRemoval[] {
  const kept = new Set(after?.configs.map(({ name }) => name));
  return (before?.configs ?? [])
    .filter(({ name }) => !kept.has(name))
    .map(({ tenant, name, at }) => {
      return { tenant, config: name, agents: tally.ownedBefore(tenant, name), at, guarded };
    });
}

/** AgentConfigs that match no agent: new ones, changed ones, and those that matched some before. */
export function findOrphans({ before, after }: TenantPair, tally: Tally): readonly OrphanSelector[] {
  const known = new Map(before?.configs.map((config) => [config.name, JSON.stringify(config.selector)]));
  return (after?.configs ?? []).flatMap((config) => {
    const { tenant, name, at, selector, isDefault } = config;
    if (isDefault || tally.isMatched('after', tenant, name)) return [];
    const matchedBefore = tally.isMatched('before', tenant, name);
    if (!matchedBefore && known.get(name) === JSON.stringify(selector)) return [];
    return [{ tenant, config: name, ...at, matchedBefore }];
  });
}

/** Credentials that the head no longer has, with the agents that were admitted by them. */
export function findCredentialsGoing(
  tenant: string,
  { before, after }: TenantPair,
  agents: readonly Pick<AgentState, 'credential'>[],
): readonly CredentialGoing[] {
  const kept = new Set(after?.manifest.enrollment.map(credentialClaim));
  const going = (before?.manifest.enrollment ?? []).filter((entry) => !kept.has(credentialClaim(entry)));
  return going.map(({ name }) => {
    return {
      tenant,
      credential: name,
      agents: agents.filter(({ credential }) => credential === name).length,
    };
  });
}
