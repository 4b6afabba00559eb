import { renderYaml } from '../../manifests/index.ts';
import type { AgentTypeAdapter } from '../adapter.ts';
import { mergeLayers } from '../merge/merge-layers.ts';
import { acceptMap, parseYamlBody } from '../parse-yaml-body.ts';
import { publishYaml } from '../redact/publish-yaml.ts';
import { redactYaml } from '../redact/redact-yaml.ts';
import { appendsAt } from './append-paths.ts';
import { compareCollector } from './compare-collector.ts';
import { listComponents } from './components.ts';
import { expandKeys } from './expand-keys.ts';
import { isComponentReference, normalizePath } from './path-rules.ts';

/** The OpenTelemetry Collector, alone or under the OpAMP supervisor: one YAML entry with the empty key. */
export const otelcol: AgentTypeAdapter = {
  type: 'otelcol',
  defaultKey: '',
  entries: 'one',
  contentType: 'text/yaml',
  expands: true,
  parse(bytes, file) {
    const body = parseYamlBody(bytes, file);
    return body.tree ? { ...body, tree: expandKeys(body.tree) } : body;
  },
  accept(tree) {
    const body = acceptMap(tree);
    return body.tree ? { ...body, tree: expandKeys(body.tree) } : body;
  },
  merge: (layers) => mergeLayers(layers, appendsAt),
  components: listComponents,
  render: renderYaml,
  compare: compareCollector,
  redact: (effective, hints) => redactYaml(effective, hints, normalizePath),
  publish: (redacted, allowed) => publishYaml(redacted, allowed, isComponentReference),
};
