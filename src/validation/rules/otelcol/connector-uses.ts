import type { CollectorConfig, Component, Pipeline, Reference } from './collector-config.ts';
import { knownTypes } from './component-facts.ts';

/** A pipeline that names a connector, and where. */
export interface ConnectorUse {
  readonly pipeline: Pipeline;
  readonly reference: Reference;
}

/** Where a connector is used: pipelines that feed it and pipelines that it feeds. */
export interface ConnectorUses {
  readonly connector: Component;
  readonly asExporter: readonly ConnectorUse[];
  readonly asReceiver: readonly ConnectorUse[];
}

/** The uses of every connector that a config defines. */
export function findConnectorUses(config: CollectorConfig): readonly ConnectorUses[] {
  return [...config.components.connectors.values()].map((connector) => ({
    connector,
    asExporter: findUses(config, 'exporters', connector.id),
    asReceiver: findUses(config, 'receivers', connector.id),
  }));
}

function findUses(
  config: CollectorConfig,
  role: 'receivers' | 'exporters',
  id: string,
): readonly ConnectorUse[] {
  return config.pipelines.flatMap((pipeline) => {
    const reference = pipeline[role].references.find((candidate) => candidate.id === id);
    return reference ? [{ pipeline, reference }] : [];
  });
}

/** The `from>to` pairs that a connector supports; undefined where its type is not known. */
export function supportedPairs(type: string): ReadonlySet<string> | undefined {
  const facts = knownTypes('connectors').get(type);
  return facts && facts.signals.length > 0 ? new Set(facts.signals) : undefined;
}
