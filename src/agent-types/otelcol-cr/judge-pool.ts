import type { ComponentHealth } from '../../model/index.ts';

/**
 * The bridge's health as it counts: its root is healthy as long as the cluster answers, so everything below it has to be
 * healthy too. `lastError` names the first part that is not, by its path, and why.
 */
export function judgePool(health: ComponentHealth): ComponentHealth {
  const worst = findUnhealthy(health, []);
  if (!worst) return health;
  const where = worst.path.join(' › ');
  const why = worst.health.lastError || worst.health.status || 'unhealthy';
  return { ...health, healthy: false, lastError: where === '' ? worst.health.lastError : `${where}: ${why}` };
}

interface Found {
  readonly path: readonly string[];
  readonly health: ComponentHealth;
}

/** The deepest cause: a pool is unhealthy because of a pod, which is what there is to look at. */
function findUnhealthy(health: ComponentHealth, path: readonly string[]): Found | undefined {
  for (const [name, component] of [...health.components].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const found = findUnhealthy(component, [...path, name]);
    if (found) return found;
  }
  return health.healthy ? undefined : { path, health };
}
