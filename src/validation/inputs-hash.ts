import { createHash } from 'node:crypto';
import type {
  AgentConfig,
  ConfigNode,
  FleetManifest,
  LayerSource,
  TenantManifest,
  TenantSnapshot,
  Vars,
} from '../model/index.ts';

/** Everything but the hash itself. */
type Hashless = Omit<AgentConfig, 'inputsHash'>;

/**
 * SHA-256 hex over what decides the renderings of an AgentConfig; selectors, priority and the like do not. `secrets` are
 * the tenant's HMACs by name.
 */
export function computeConfigInputsHash(
  config: Hashless,
  tenant: TenantManifest,
  fleet: FleetManifest,
  secrets?: ReadonlyMap<string, string>,
): string {
  return hash([
    'config-inputs-v1',
    config.tenant,
    config.name,
    config.type,
    config.attempt,
    tenant.limits.maxConfigBytes ?? null,
    config.layers.map(describeLayer),
    config.files.map((file) => [file.key, file.contentType, file.layers.map(describeLayer)]),
    config.overlays.map(({ name, config: layers, lists, remove, vars }) => [
      name,
      layers.map(describeLayer),
      lists,
      remove,
      describeVars(vars),
    ]),
    config.delete,
    [fleet.vars, tenant.vars, config.vars].map(describeVars),
    fleet.agentVars,
    ...(secrets ? [[...secrets]] : []),
  ]);
}

/** SHA-256 hex over all that deciding for a tenant's agents needs, its problems included. */
export function computeTenantInputsHash(tenant: Omit<TenantSnapshot, 'inputsHash' | 'revision'>): string {
  const { manifest, fleet, configs, connections, packages, rollouts, problems } = tenant;
  return hash([
    'tenant-inputs-v2',
    tenant.name,
    withoutPositions({ ...manifest, vars: null }),
    withoutPositions([fleet.labels, fleet.guard, fleet.freezes, fleet.revertPullRequest]),
    withoutPositions([connections, packages, rollouts]),
    configs.map((config) => [
      config.inputsHash,
      config.priority,
      config.isDefault,
      config.paused,
      config.rollout ?? null,
      config.after,
      withoutPositions([config.selector, config.requires]),
      config.overlays.map((overlay) => withoutPositions([overlay.when, overlay.expires ?? null])),
    ]),
    problems.map(({ code, severity, file, line, column, message }) => [
      code,
      severity,
      file,
      line,
      column,
      message,
    ]),
  ]);
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

// The path is part of it, since problems of a rendering name it.
function describeLayer(layer: LayerSource): unknown {
  return layer.kind === 'file' ? ['file', layer.path, layer.blob] : ['inline', describeNode(layer.node)];
}

function describeVars(vars: Vars): unknown {
  return [...vars].map(([name, value]) => [name, describeNode(value)]);
}

function describeNode(node: ConfigNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return [node.type, node.style, node.tag ?? null, node.text];
    case 'list':
      return node.items.map(describeNode);
    case 'map':
      return node.entries.map(({ key, value }) => [describeNode(key), describeNode(value)]);
  }
}

// A file that is moved or reformatted decides nothing else. Maps become lists, which JSON keeps.
function withoutPositions(value: unknown): unknown {
  if (value instanceof Map) return [...value].map(withoutPositions);
  if (Array.isArray(value)) return value.map(withoutPositions);
  if (typeof value !== 'object' || value === null) return value ?? null;
  const members = Object.entries(value).filter(([key]) => key !== 'at' && key !== 'file');
  return members.map(([key, member]) => [key, withoutPositions(member)]);
}
