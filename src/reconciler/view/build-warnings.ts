import type { RosterEntry } from '../../fleet/index.ts';
import { checkBuild, describeBuild } from '../../validation/index.ts';
import type { World } from '../world.ts';

/**
 * What may be wrong with an agent's desired config on its build and holds nothing back, one line each: components that a
 * build guessed from `service.name` and `service.version` may lack, or that a known one lists by another name only.
 */
export function describeBuildWarnings(
  { components, inForce, renderings }: Pick<World, 'components' | 'inForce' | 'renderings'>,
  { agent, assignment }: Pick<RosterEntry, 'agent' | 'assignment'>,
): readonly string[] {
  if (assignment.kind !== 'assigned' || agent.type === 'otelcol-cr') return [];
  const config = inForce.get(agent.tenant)?.configs.get(assignment.config);
  const target = renderings.get(assignment.renderKey);
  if (!config || target?.kind !== 'rendered') return [];
  const [serviceName, serviceVersion] = ['service.name', 'service.version'].map((key) => {
    const value = agent.labels.get(key);
    return typeof value === 'string' ? value : undefined;
  });
  const build = describeBuild({ components: components.of(agent), serviceName, serviceVersion });
  const needed = new Set([...target.config.components, ...config.requires.components]);
  const verdict = checkBuild([...needed], build);
  if (verdict.kind !== 'doubtful') return [];
  const hint = verdict.hint === '' ? '' : ` (${verdict.hint})`;
  return [`its build may lack ${verdict.missing.join(', ')}${hint}`];
}
