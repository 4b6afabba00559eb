import { createRenderer } from '../../desired-state/index.ts';
import type { AgentConfig, Position, Snapshot, TenantSnapshot } from '../../model/index.ts';
import { chooseOverlaySets, collectorTree } from '../../validation/index.ts';
import type { WorkTree } from '../read-work-tree.ts';
import { listNeeds } from './list-needs.ts';

/** One AgentConfig of a repo and what a collector needs to run it, whichever overlays its agents have. */
export interface ConfigNeeds {
  /** `tenant/name`. */
  readonly user: string;
  readonly config: AgentConfig;
  /** Where each need (`kind/type` or `provider/<scheme>`) is first named. */
  readonly needs: ReadonlyMap<string, Position>;
}

/** Which AgentConfigs count; every one without a tenant and a name. */
export interface NeedScope {
  readonly tenant?: string;
  readonly config?: string;
}

const maxRenderings = 100;

/** The needs of the AgentConfigs in scope that collectors run, in the order of tenants and names. */
export function collectFleetNeeds(
  { tenants }: Snapshot,
  { readBlob }: WorkTree,
  scope: NeedScope,
  now: number,
): readonly ConfigNeeds[] {
  const renderer = createRenderer({
    readBody: (_path, blob) => readBlob(blob),
    maxCacheEntries: maxRenderings,
  });
  const found: ConfigNeeds[] = [];
  for (const tenant of tenants.values()) {
    if (scope.tenant !== undefined && scope.tenant !== tenant.name) continue;
    for (const config of tenant.configs) {
      if (scope.config !== undefined && scope.config !== config.name) continue;
      if (config.type !== 'otelcol' && config.type !== 'otelcol-cr') continue;
      found.push({
        user: `${tenant.name}/${config.name}`,
        config,
        needs: needsOf(tenant, config, renderer, now),
      });
    }
  }
  return found;
}

function needsOf(
  tenant: TenantSnapshot,
  config: AgentConfig,
  renderer: ReturnType<typeof createRenderer>,
  now: number,
): ReadonlyMap<string, Position> {
  const needs = new Map<string, Position>();
  for (const overlays of chooseOverlaySets(config, now)) {
    const target = { config: config.name, overlays, agentVars: [] };
    for (const file of renderer.renderTree(tenant, target, { openAgentVars: true }).files) {
      const tree = collectorTree(config, file);
      for (const { name, at } of tree ? listNeeds(tree) : []) if (!needs.has(name)) needs.set(name, at);
    }
  }
  for (const name of config.requires.components) if (!needs.has(name)) needs.set(name, config.at);
  return needs;
}
