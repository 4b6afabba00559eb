import { createHash } from 'node:crypto';
import { canonicalForm } from '../../agent-types/index.ts';
import type { RenderedTree, Renderer } from '../../desired-state/index.ts';
import type { AgentConfig, LabelSelector, TenantSnapshot } from '../../model/index.ts';

/**
 * SHA-256 hex over what the agents of an AgentConfig may get: its rendering without overlays and with each alone, agent
 * attributes left open, the overlays' conditions, and `attempt` (fleet-repo.md, "Rollouts"). Comments, positions and the
 * names of files do not change it. Secrets are part of it by their HMACs: a new value is a new target.
 */
export function computeTargetKey(
  tenant: TenantSnapshot,
  config: AgentConfig,
  renderer: Renderer,
  rendered: ReadonlyMap<string, RenderedTree>,
): string {
  const sets = [[], ...config.overlays.map((_, index) => [index])];
  const used = new Set<string>();
  const forms = sets.map((overlays) => {
    const target = { config: config.name, overlays, agentVars: [] };
    const tree =
      rendered.get(overlays.join()) ?? renderer.renderTree(tenant, target, { openAgentVars: true });
    for (const name of tree.usedSecrets) used.add(name);
    return canonicalForm(tree.files, config.attempt);
  });
  const conditions = config.overlays.map(({ when, lists, remove, expires }) => [
    describeSelector(when),
    lists,
    remove,
    expires ?? null,
  ]);
  const secrets = [...used].sort().map((name) => [name, tenant.secrets?.get(name)]);
  const parts = ['target-v1', config.type, config.delete, forms, conditions];
  return createHash('sha256')
    .update(JSON.stringify(secrets.length > 0 ? [...parts, secrets] : parts))
    .digest('hex');
}

function describeSelector({ requirements }: LabelSelector): unknown {
  return requirements.map(({ key, operator, values }) => [key, operator, values]);
}
