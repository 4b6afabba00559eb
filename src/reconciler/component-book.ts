import {
  type AgentConfig,
  type AgentReport,
  type AgentState,
  agentCapability,
  type RenderedConfig,
} from '../model/index.ts';
import { checkBuild } from '../validation/index.ts';
import { createTenantMaps } from './tenant-maps.ts';

/**
 * What agents' builds hold, once per hash (C-AC-1). Kept apart per tenant: a hash is the agent's own claim, and one
 * tenant's must not decide what another's agents get.
 */
export interface ComponentBook {
  /** Notes the list of a report that carries one. */
  take(tenant: string, report: AgentReport): void;
  /** Components as `kind/type`; undefined while the list is not known. */
  of(agent: Pick<AgentState, 'tenant' | 'componentsHash'>): ReadonlySet<string> | undefined;
  /** Components (`kind/type`) that the target uses or its AgentConfig requires and the agent's build lacks; none where the build is unknown. */
  missing(agent: AgentState, target: RenderedConfig, config: AgentConfig): readonly string[];
  /** Whether this agent is to be asked for its list now: once per unknown hash and interval, whoever carries it. */
  mustAsk(agent: AgentState, now: number): boolean;
  /** Whether the list was asked for so recently that an offer had better wait for it. */
  isAwaited(agent: AgentState, now: number): boolean;
}

/** Of one tenant. */
const maxBuilds = 1_000;
const askAgainMs = 60_000;
const patienceMs = 10_000;

/** A book without entries. */
export function createComponentBook(): ComponentBook {
  const builds = createTenantMaps<string, ReadonlySet<string>>(maxBuilds);
  const asked = createTenantMaps<string, number>(maxBuilds);
  // Equal configs of many agents with equal builds are compared once.
  const compared = new WeakMap<ReadonlySet<string>, WeakMap<RenderedConfig, readonly string[]>>();
  const unknownHash = ({ tenant, capabilities, componentsHash }: AgentState): string | undefined => {
    if ((capabilities & agentCapability.reportsAvailableComponents) === 0) return undefined;
    if (componentsHash === undefined || componentsHash === '') return undefined;
    return builds.has(tenant, componentsHash) ? undefined : componentsHash;
  };
  const of = ({ tenant, componentsHash }: Pick<AgentState, 'tenant' | 'componentsHash'>) =>
    componentsHash === undefined ? undefined : builds.get(tenant, componentsHash);
  return {
    take(tenant, { availableComponentsHash, availableComponents }) {
      if (!availableComponentsHash || !availableComponents) return;
      // Whoever comes later cannot change what a hash stands for.
      const known = builds.get(tenant, availableComponentsHash);
      builds.set(tenant, availableComponentsHash, known ?? new Set(availableComponents));
      asked.delete(tenant, availableComponentsHash);
    },
    of,
    missing(agent, target, config) {
      const build = of(agent);
      if (!build) return [];
      const ofBuild = compared.get(build) ?? new WeakMap<RenderedConfig, readonly string[]>();
      compared.set(build, ofBuild);
      const known = ofBuild.get(target);
      if (known) return known;
      const missing = findMissing([...target.components, ...config.requires.components], build);
      ofBuild.set(target, missing);
      return missing;
    },
    mustAsk(agent, now) {
      const hash = unknownHash(agent);
      if (hash === undefined) return false;
      const last = asked.get(agent.tenant, hash);
      if (last !== undefined && now - last < askAgainMs) return false;
      asked.set(agent.tenant, hash, now);
      return true;
    },
    isAwaited(agent, now) {
      const hash = unknownHash(agent);
      const last = hash === undefined ? undefined : asked.get(agent.tenant, hash);
      return last !== undefined && now - last < patienceMs;
    },
  };
}

function findMissing(needed: readonly string[], components: ReadonlySet<string>): readonly string[] {
  const verdict = checkBuild(needed, { kind: 'known', components });
  return verdict.kind === 'cannot-run' ? verdict.missing : [];
}
