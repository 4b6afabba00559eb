import type { AgentConfig, LabelSelector, Labels, Snapshot, TenantSnapshot } from '../../model/index.ts';
import { intersectSelectors } from '../../selectors/index.ts';
import type { InventoryEntry } from '../inventory/index.ts';

const anybody: LabelSelector = { requirements: [] };

/**
 * One imagined agent for each AgentConfig of either side and each of its overlays, where its selector tells what such an
 * agent looks like: what a change does where no inventory is at hand.
 */
export function imagineAgents(sides: readonly Pick<Snapshot, 'tenants'>[]): readonly InventoryEntry[] {
  const found = new Map<string, InventoryEntry>();
  for (const { tenants } of sides)
    for (const tenant of tenants.values())
      for (const { name, labels } of examplesOf(tenant)) {
        const key = JSON.stringify([tenant.name, [...labels].sort()]);
        if (!found.has(key)) found.set(key, toEntry(tenant.name, name, labels));
      }
  return [...found.values()];
}

function toEntry(tenant: string, name: string, labels: Labels): InventoryEntry {
  const version = labels.get('service.version');
  return {
    uid: `example:${tenant}/${name}`,
    tenant,
    labels,
    host: '',
    service: { name: '', version: typeof version === 'string' ? version : '' },
    components: undefined,
    hash: '',
    credential: '',
    delivery: '',
  };
}

function examplesOf(tenant: TenantSnapshot): readonly { readonly name: string; readonly labels: Labels }[] {
  return tenant.configs.flatMap((config) => {
    const all = { name: config.name, when: anybody };
    const overlaid = config.overlays.map(({ name, when }) => ({ name: `${config.name}+${name}`, when }));
    return [all, ...overlaid].flatMap(({ name, when }) => {
      const example = intersectSelectors(config.selector, when);
      return example.kind === 'overlap' ? [{ name, labels: complete(config, example.example) }] : [];
    });
  });
}

/** What the AgentConfig asks of its agents besides: a version, attributes that its bodies use. */
function complete({ agentVarsUsed, requires }: AgentConfig, example: Labels): Labels {
  const labels = new Map(example);
  for (const { name } of agentVarsUsed ?? []) if (!labels.has(name)) labels.set(name, `example-${name}`);
  const version = /\d+\.\d+(?:\.\d+)?/.exec(requires.version ?? '')?.[0];
  if (version !== undefined && !labels.has('service.version')) labels.set('service.version', version);
  if (labels.size === 0) labels.set('host.name', 'example');
  return labels;
}
