import { typeOf } from './collector-config.ts';
import type { CollectorRule } from './subject.ts';

const supervisorSection: CollectorRule = {
  code: 'OC039',
  name: 'supervisor-section',
  severity: 'error',
  summary: 'The config touches the `opamp` extension, which belongs to the agent’s supervisor.',
  advice: 'Overriding it can cut the agent off from this server. Remove it; the supervisor adds its own.',
  bad: `extensions: {opamp: {server: {ws: {endpoint: "wss://elsewhere.example.com"}}}}
receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
service: {extensions: [opamp], pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}
`,
  check({ config }, report) {
    for (const { type, key } of config.components.extensions.values()) {
      if (type === 'opamp')
        report(key.at, `extensions.${key.text} belongs to the agent’s supervisor; remove it`);
    }
    for (const { id, at } of config.extensions.references) {
      if (typeOf(id) === 'opamp' && !config.components.extensions.has(id)) {
        report(at, `extension "${id}" belongs to the agent’s supervisor, which adds it; remove it`);
      }
    }
  },
};

const unusedComponent: CollectorRule = {
  code: 'OC041',
  name: 'unused-component',
  severity: 'warning',
  needsEveryVariant: true,
  summary: 'A receiver, processor, exporter or connector is defined, but no pipeline uses it.',
  advice: 'It does nothing, but its settings must still be right. Use it or delete it.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}, otlp_http: {endpoint: "https://collector.example.com"}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}, otlp_http: {endpoint: "https://collector.example.com"}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [debug, otlp_http]}}}
`,
  check({ config }, report) {
    if (!config.arePipelinesKnown || config.pipelines.length === 0) return;
    const usedBy = {
      receivers: new Set(
        config.pipelines.flatMap((pipeline) => pipeline.receivers.references.map(({ id }) => id)),
      ),
      processors: new Set(
        config.pipelines.flatMap((pipeline) => pipeline.processors.references.map(({ id }) => id)),
      ),
      exporters: new Set(
        config.pipelines.flatMap((pipeline) => pipeline.exporters.references.map(({ id }) => id)),
      ),
    };
    const used = { ...usedBy, connectors: new Set([...usedBy.receivers, ...usedBy.exporters]) };
    for (const section of ['receivers', 'processors', 'exporters', 'connectors'] as const) {
      for (const { id, key } of config.components[section].values()) {
        if (!used[section].has(id))
          report(key.at, `${section.slice(0, -1)} "${id}" is defined, but no pipeline uses it`);
      }
    }
  },
};

const extensionNotEnabled: CollectorRule = {
  code: 'OC042',
  name: 'extension-not-enabled',
  severity: 'warning',
  needsEveryVariant: true,
  summary: 'An extension is defined, but `service.extensions` does not list it.',
  advice: 'It is not started. List it, or delete it.',
  bad: `extensions: {pprof: {}}
receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}
`,
  good: `extensions: {pprof: {}}
receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
service: {extensions: [pprof], pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}
`,
  check({ config }, report) {
    if (!config.extensions.isKnown) return;
    const enabled = new Set(config.extensions.references.map(({ id }) => id));
    for (const { id, key } of config.components.extensions.values()) {
      if (!enabled.has(id))
        report(key.at, `extension "${id}" is defined, but service.extensions does not list it`);
    }
  },
};

/** Rules on who owns and who uses a component. */
export const ownershipRules: readonly CollectorRule[] = [
  supervisorSection,
  unusedComponent,
  extensionNotEnabled,
];
