import type { AgentConfig, Assigned, ScalarNode, TenantSnapshot, Vars } from '../../model/index.ts';

/** What `$(…)` may stand for in the bodies of one AgentConfig with some overlays. */
export interface Scope {
  readonly vars: Vars;
  readonly tenant: string;
  /** Attributes that bodies may use. */
  readonly agentVars: readonly string[];
  /** Values of one agent, `$` doubled; undefined to leave `$(agent.…)` as it is. */
  readonly agent: ReadonlyMap<string, string> | undefined;
  /** Names of the tenant's secrets. */
  readonly secretNames: ReadonlySet<string>;
  /** Their values; undefined to leave `$(secrets.…)` as it is. */
  readonly secrets: Vars | undefined;
}

/** What `$(…)` stands for where secrets stay as they are, and agents' attributes too with `openAgentVars`. */
export function composeScope(
  tenant: TenantSnapshot,
  config: AgentConfig,
  { overlays, agentVars }: Pick<Assigned, 'overlays' | 'agentVars'>,
  { openAgentVars = false }: { readonly openAgentVars?: boolean } = {},
): Scope {
  return {
    vars: composeVars(tenant, config, overlays),
    tenant: tenant.name,
    agentVars: tenant.fleet.agentVars,
    agent: openAgentVars ? undefined : new Map(agentVars),
    secretNames: new Set(tenant.secrets?.keys()),
    secrets: undefined,
  };
}

/** The variables in force: Fleet below Tenant below AgentConfig below overlays, in order. */
function composeVars(tenant: TenantSnapshot, config: AgentConfig, overlays: readonly number[]): Vars {
  const levels = [tenant.fleet.vars, tenant.manifest.vars, config.vars];
  for (const index of overlays) levels.push(config.overlays[index]?.vars ?? new Map<string, ScalarNode>());
  return new Map(levels.flatMap((vars) => [...vars]));
}
