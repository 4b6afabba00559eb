import { getPath, renderYaml } from '../../manifests/index.ts';
import type { ConfigNode, MapNode } from '../../model/index.ts';
import type { AgentTypeAdapter, ParsedBody } from '../adapter.ts';
import { mergeLayers } from '../merge/merge-layers.ts';
import { appendsAt } from '../otelcol/append-paths.ts';
import { listComponents } from '../otelcol/components.ts';
import { expandKeys } from '../otelcol/expand-keys.ts';
import { isComponentReference, normalizePath } from '../otelcol/path-rules.ts';
import { acceptMap, parseYamlBody } from '../parse-yaml-body.ts';
import { publishYaml } from '../redact/publish-yaml.ts';
import { redactYaml } from '../redact/redact-yaml.ts';
import { checkResource } from './check-resource.ts';
import { compareResource, configOf, inConfig } from './compare-resource.ts';
import { identifyBridge } from './identify-bridge.ts';
import { judgePool } from './judge-pool.ts';

/** The OpenTelemetry Operator's OpAMP bridge: entries `namespace/name` that hold OpenTelemetryCollector resources. */
export const otelcolCr: AgentTypeAdapter = {
  type: 'otelcol-cr',
  defaultKey: '',
  entries: 'by-key',
  keyOf: keyOfResource,
  contentType: 'text/yaml',
  expands: true,
  parse(bytes, file) {
    const body = parseYamlBody(bytes, file);
    return body.tree ? { ...body, tree: expandConfig(body.tree) } : body;
  },
  accept,
  merge: (layers) => mergeLayers(layers, (path) => appendsAt(inConfig(path) ?? [])),
  check: checkResource,
  components(tree) {
    const config = configOf(tree);
    return config ? listComponents(config) : [];
  },
  render: renderYaml,
  compare: compareResource,
  judgeMissing: (key) => ({ verdict: 'wrong-config', differences: [], reason: `resource ${key} is missing` }),
  redact: (effective, hints) => redactYaml(effective, hints, (path) => normalizePath(inConfig(path) ?? path)),
  publish: (redacted, allowed) =>
    publishYaml(redacted, allowed, (path) => isComponentReference(inConfig(path) ?? path)),
  judgeHealth: judgePool,
  stableIdentity: identifyBridge,
};

function accept(tree: ConfigNode): ParsedBody {
  const body = acceptMap(tree);
  return body.tree ? { ...body, tree: expandConfig(body.tree) } : body;
}

/** The resource with joined keys (`processors::batch`) of its collector config written out. */
function expandConfig(resource: ConfigNode): ConfigNode {
  return replaceAt(resource, 'spec', (spec) => replaceAt(spec, 'config', expandKeys));
}

function replaceAt(node: ConfigNode, name: string, change: (value: ConfigNode) => ConfigNode): ConfigNode {
  if (node.kind !== 'map') return node;
  const entries = node.entries.map((entry) =>
    entry.key.text === name ? { key: entry.key, value: change(entry.value) } : entry,
  );
  return { ...node, entries } satisfies MapNode;
}

function keyOfResource(resource: ConfigNode): string | undefined {
  const [namespace, name] = ['namespace', 'name'].map((key) => getPath(resource, ['metadata', key]));
  const named =
    namespace?.kind === 'scalar' && name?.kind === 'scalar' && namespace.text !== '' && name.text !== '';
  return named ? `${namespace.text}/${name.text}` : undefined;
}
