import { parseYaml } from '../../../src/manifests/index.ts';
import {
  type AgentConfig,
  blobId,
  type ConfigNode,
  commitSha,
  type FleetManifest,
  type LabelSelector,
  type LayerSource,
  type Overlay,
  type ScalarNode,
  type TenantManifest,
  type TenantSnapshot,
  type Vars,
} from '../../../src/model/index.ts';
import { parseSelectorLine } from '../../../src/selectors/index.ts';

const at = { file: 'tenants/acme/edge.yaml', line: 1, column: 1 };

/** The tree of a YAML text that is known to be good. */
export function tree(text: string, file = 'inline.yaml'): ConfigNode {
  const { documents, problems } = parseYaml(new TextEncoder().encode(text), file);
  if (problems.length > 0) throw new Error(problems[0]!.message);
  return documents[0]!;
}

/** Variables as they are declared, from YAML. */
export function vars(text: string): Vars {
  const node = tree(text, 'vars.yaml');
  if (node.kind !== 'map') return new Map();
  return new Map(node.entries.map((entry) => [entry.key.text, entry.value as ScalarNode]));
}

/** A selector from one line, `''` for every agent. */
export function selector(line: string): LabelSelector {
  if (line === '') return { requirements: [] };
  const parsed = parseSelectorLine(line);
  if (!('selector' in parsed)) throw new Error(`bad selector ${line}`);
  return parsed.selector;
}

/** A layer from a file; its blob id is its path. */
export function file(path: string): LayerSource {
  return { kind: 'file', path, blob: blobId(path), at };
}

/** An overlay for every agent. */
export function overlay(parts: Partial<Overlay> = {}): Overlay {
  return {
    name: 'extra',
    when: selector(''),
    config: [],
    lists: 'replace',
    remove: [],
    vars: new Map(),
    at,
    ...parts,
  };
}

/** An AgentConfig for every agent. */
export function config(parts: Partial<AgentConfig> = {}): AgentConfig {
  const name = parts.name ?? 'edge';
  return {
    tenant: 'acme',
    name,
    at,
    type: 'otelcol',
    selector: selector(''),
    priority: 0,
    layers: [file('a.yaml')],
    files: [],
    overlays: [],
    vars: new Map(),
    requires: { components: [], featureGates: [], env: [] },
    after: [],
    delete: [],
    paused: false,
    attempt: 0,
    isDefault: false,
    inputsHash: `inputs of ${name}`,
    targetKey: `target of ${name}`,
    ...parts,
  };
}

const fleetManifest: FleetManifest = {
  file: undefined,
  vars: new Map(),
  sharedPaths: [],
  agentVars: [],
  rules: new Map(),
  labels: [],
  guard: { percent: 20, agents: 3 },
  approve: [],
  freezes: [],
  revertPullRequest: false,
};

const tenantManifest: TenantManifest = {
  name: 'acme',
  file: undefined,
  owners: [],
  enrollment: [],
  vars: new Map(),
  limits: {},
  policies: [],
  revoked: [],
};

/** A tenant's snapshot with these AgentConfigs. */
export function tenant(
  configs: readonly AgentConfig[],
  parts: { readonly fleet?: Partial<FleetManifest>; readonly manifest?: Partial<TenantManifest> } = {},
): TenantSnapshot {
  return {
    name: 'acme',
    revision: commitSha('0'.repeat(40)),
    manifest: { ...tenantManifest, ...parts.manifest },
    fleet: { ...fleetManifest, ...parts.fleet },
    configs,
    connections: [],
    packages: [],
    rollouts: new Map(),
    problems: [],
    hasErrors: false,
    inputsHash: 'inputs',
  };
}
