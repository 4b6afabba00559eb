import { getEntry } from '../../manifests/index.ts';
import type { ConfigNode, ScalarNode } from '../../model/index.ts';
import type { CollectorConfig, Component } from '../rules/otelcol/collector-config.ts';
import { findExpansions, isOpaque } from '../rules/otelcol/expansions.ts';

/** Where a config sends data, for a policy to judge. */
export interface SentTo {
  /** Whose it is: `exporter "otlp/eu"`. */
  readonly owner: string;
  readonly value: ScalarNode;
  /** False for a value that may hold any structure, endpoints too, once the agent has resolved it. */
  readonly isEndpoint: boolean;
}

/** Keys that name a destination, wherever in an exporter they stand. */
const endpointKey =
  /^(?:[a-z0-9_]+_)?(?:endpoints?|urls?|uris?|brokers?|bootstrap_servers?|servers?|hosts?|hostnames?|address|addresses|addr|dsn|nodes)$/i;

/** Maps of the user's own keys: a header may be called `server`. */
const freeMaps = new Set(['headers', 'attributes', 'labels', 'external_labels', 'tags']);

/** Components whose endpoints are where others connect to. */
const listeners: Readonly<Record<string, ReadonlySet<string>>> = {
  exporters: new Set(['prometheus']),
  extensions: new Set([
    'health_check',
    'healthcheckv2',
    'health_check_v2',
    'zpages',
    'pprof',
    'expvar',
    'jaegerremotesampling',
    'jaeger_remote_sampling',
  ]),
};

/**
 * Every value under a key that names a destination, in exporters, extensions and the collector's own telemetry. Not in
 * receivers, which fetch, nor where components listen.
 */
export function listEndpoints(config: CollectorConfig): readonly SentTo[] {
  const found: SentTo[] = [];
  for (const section of ['exporters', 'extensions'] as const) {
    for (const component of config.components[section].values()) {
      if (!listeners[section]?.has(component.type))
        collect(component.value, { owner: describeOwner(component), section }, false, found);
    }
  }
  const telemetry = getEntry(config.service?.value, 'telemetry')?.value;
  const context = { owner: 'the collector’s own telemetry', section: 'telemetry' } as const;
  if (telemetry) collect(telemetry, context, false, found);
  return found;
}

/** Whose values are collected, and in which part of the config. */
interface Context {
  readonly owner: string;
  readonly section: 'exporters' | 'extensions' | 'telemetry';
}

function describeOwner({ section, id }: Component): string {
  return `${section.slice(0, -1)} "${id}"`;
}

function collect(node: ConfigNode, context: Context, isEndpoint: boolean, found: SentTo[]): void {
  switch (node.kind) {
    case 'scalar':
      if (isEndpoint ? node.text !== '' && node.type !== 'bool' : mayHoldStructure(node))
        found.push({ owner: context.owner, value: node, isEndpoint });
      return;
    case 'list':
      for (const item of node.items) collect(item, context, isEndpoint, found);
      return;
    case 'map':
      for (const { key, value } of node.entries) {
        if (freeMaps.has(key.text) || listensAt(key.text, context)) continue;
        collect(value, context, endpointKey.test(key.text), found);
      }
  }
}

// http_forwarder listens at its ingress; the old `address` of telemetry is a port for Prometheus to scrape.
function listensAt(key: string, { section }: Context): boolean {
  return (section === 'extensions' && key === 'ingress') || (section === 'telemetry' && key === 'address');
}

/** A whole value that the agent replaces by more than a text: by a document, or by a default that is a map or list. */
function mayHoldStructure(node: ScalarNode): boolean {
  if (!isOpaque(node)) return false;
  return findExpansions(node.text).some(({ body }) => {
    const scheme = /^([A-Za-z][A-Za-z0-9+.-]+):/.exec(body)?.[1] ?? 'env';
    const fallback = body.split(':-').slice(1).join(':-');
    return !['env', 'file'].includes(scheme) || /[{[\n]|: /.test(fallback);
  });
}
