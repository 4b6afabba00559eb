import type { AgentConfig, FleetManifest, Problem, TenantManifest, Vars } from '../../model/index.ts';
import { repoProblem } from '../problem.ts';

/** Warnings for variables of an AgentConfig and its overlays that no body uses. */
export function checkConfigVars(config: AgentConfig, used: ReadonlySet<string>): readonly Problem[] {
  const levels = [config.vars, ...config.overlays.map((overlay) => overlay.vars)];
  return levels.flatMap((vars) => checkVars(vars, used, 'this AgentConfig'));
}

/** Warnings for variables of a Tenant that none of its AgentConfigs uses. */
export function checkTenantVars(manifest: TenantManifest, used: ReadonlySet<string>): readonly Problem[] {
  return checkVars(manifest.vars, used, 'this tenant');
}

/** Warnings for variables of the Fleet that nobody uses. */
export function checkFleetVars(fleet: FleetManifest, used: ReadonlySet<string>): readonly Problem[] {
  return checkVars(fleet.vars, used, 'this repo');
}

function checkVars(vars: Vars, used: ReadonlySet<string>, where: string): readonly Problem[] {
  return [...vars]
    .filter(([name]) => !used.has(name))
    .map(([name, { at }]) =>
      repoProblem('FR041', at, `variable "${name}" is not used by any config of ${where}`),
    );
}
