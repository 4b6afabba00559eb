import { type CollectorConfig, type Component, sections } from './collector-config.ts';

/** Components that a collector with this config starts: in a pipeline, or an extension of the service. */
export function startedComponents(config: CollectorConfig): readonly Component[] {
  const used = {
    receivers: idsOf(config, 'receivers'),
    processors: idsOf(config, 'processors'),
    exporters: idsOf(config, 'exporters'),
  };
  const started = {
    ...used,
    connectors: new Set([...used.receivers, ...used.exporters]),
    extensions: new Set(config.extensions.references.map(({ id }) => id)),
  };
  return sections.flatMap((section) =>
    [...config.components[section].values()].filter(({ id }) => started[section].has(id)),
  );
}

/** Components of one section whose type is among these. */
export function componentsOf(
  config: CollectorConfig,
  section: Component['section'],
  types: ReadonlySet<string>,
): readonly Component[] {
  return [...config.components[section].values()].filter(({ type }) => types.has(type));
}

function idsOf(config: CollectorConfig, role: 'receivers' | 'processors' | 'exporters'): ReadonlySet<string> {
  return new Set(config.pipelines.flatMap((pipeline) => pipeline[role].references.map(({ id }) => id)));
}
