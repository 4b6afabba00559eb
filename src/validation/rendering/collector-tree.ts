import type { RenderedTreeFile } from '../../desired-state/index.ts';
import { getPath } from '../../manifests/index.ts';
import type { AgentConfig, ConfigNode, Problem } from '../../model/index.ts';
import { isEmptyTree } from './check-size.ts';

/** The collector's config in a rendered file, if it holds one. */
export function collectorTree({ type }: AgentConfig, { tree }: RenderedTreeFile): ConfigNode | undefined {
  if (type !== 'otelcol' && type !== 'otelcol-cr') return undefined;
  const config = type === 'otelcol' ? tree : getPath(tree, 'spec::config');
  return config && !isEmptyTree(config) ? config : undefined;
}

/** Names the layer of the file that each problem is in. */
export function withLayers(problems: readonly Problem[], { layers }: RenderedTreeFile): readonly Problem[] {
  return problems.map((problem) => {
    const index = layers.findLastIndex((layer) => layer.file === problem.file);
    return index < 0 ? problem : { ...problem, layer: `${index + 1} of ${layers.length}` };
  });
}
