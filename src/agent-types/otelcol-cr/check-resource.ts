import { getEntry, getPath } from '../../manifests/index.ts';
import type { ConfigNode, Position, Problem, ScalarNode } from '../../model/index.ts';
import { managedLabel, reportingLabel } from './managed-label.ts';
import { isResourceKey } from './resource-keys.ts';

const apiVersion = 'opentelemetry.io/v1beta1';
const kind = 'OpenTelemetryCollector';

/** What the bridge would refuse about a resource, or take otherwise than it is written. */
export function checkResource(resource: ConfigNode, key: string): readonly Problem[] {
  return [
    ...checkKey(resource, key),
    ...checkFixed(resource, 'apiVersion', apiVersion),
    ...checkFixed(resource, 'kind', kind),
    ...checkLabels(resource),
    ...checkConfig(resource),
  ];
}

/** The bridge takes name and namespace from the key, and ignores what the resource says. */
function checkKey(resource: ConfigNode, key: string): readonly Problem[] {
  if (!isResourceKey(key)) {
    return [
      error('FR211', resource.at, `"${key}" names no resource: write namespace/name, with exactly one slash`),
    ];
  }
  const [namespace = '', name = ''] = key.split('/');
  return Object.entries({ namespace, name }).flatMap(([part, wanted]) => {
    const given = scalarAt(resource, ['metadata', part]);
    if (!given || given.text === wanted) return [];
    const message = `metadata.${part} is "${given.text}", but the bridge goes by the key "${key}"; make them agree`;
    return [error('FR211', given.at, message)];
  });
}

function checkFixed(resource: ConfigNode, field: string, wanted: string): readonly Problem[] {
  const given = scalarAt(resource, [field]);
  if (!given || given.text === wanted) return [];
  return [error('FR210', given.at, `${field} is "${given.text}"; the bridge reads ${wanted} only`)];
}

function checkLabels(resource: ConfigNode): readonly Problem[] {
  const labels = getPath(resource, 'metadata::labels');
  const at = labels?.at ?? getEntry(resource, 'metadata')?.key.at ?? resource.at;
  const reporting = scalarAt(labels, [reportingLabel]);
  if (reporting?.text.toLowerCase() === 'true') {
    const message = `with the label ${reportingLabel} the bridge only reports a resource and refuses to change it; remove the label`;
    return [error('FR210', reporting.at, message)];
  }
  const managed = scalarAt(labels, [managedLabel]);
  if (managed && managed.text !== '' && managed.text.toLowerCase() !== 'false') return [];
  const message = `the bridge changes only resources that allow it: add the label ${managedLabel}: "true" (or the bridge's name) under metadata.labels, here and on the resource in the cluster`;
  return [error('FR210', managed?.at ?? at, message)];
}

/** The bridge writes `spec` as a whole: without a config the resource would lose the one that it has. */
function checkConfig(resource: ConfigNode): readonly Problem[] {
  const config = getPath(resource, 'spec::config');
  if (config?.kind === 'map' && config.entries.length > 0) return [];
  const at = config?.at ?? getEntry(resource, 'spec')?.key.at ?? resource.at;
  return [
    error('FR210', at, 'spec.config is missing; the bridge would take the config of the resource away'),
  ];
}

function scalarAt(node: ConfigNode | undefined, path: readonly string[]): ScalarNode | undefined {
  const found = getPath(node, path);
  return found?.kind === 'scalar' ? found : undefined;
}

function error(code: string, { file, line, column }: Position, message: string): Problem {
  return { code, severity: 'error', file, line, column, message };
}
