import type { Report } from '../rule.ts';
import type { CollectorConfig } from './collector-config.ts';
import {
  type ConnectorUse,
  type ConnectorUses,
  findConnectorUses,
  supportedPairs,
} from './connector-uses.ts';
import { findCycle } from './find-cycle.ts';
import type { CollectorRule } from './subject.ts';

const connectorOneSided: CollectorRule = {
  code: 'OC015',
  name: 'connector-one-sided',
  severity: 'error',
  summary: 'A connector is fed by pipelines but feeds none, or the other way round.',
  advice:
    'The collector refuses to start. Name the connector as exporter of one pipeline and as receiver of another.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
connectors: {count: {}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [debug, count]}}}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
connectors: {count: {}}
service:
  pipelines:
    logs: {receivers: [otlp], exporters: [debug, count]}
    metrics: {receivers: [count], exporters: [debug]}
`,
  check({ config }, report) {
    if (!config.arePipelinesKnown) return;
    for (const { connector, asExporter, asReceiver } of usesOfDefined(config)) {
      const [fed] = asExporter;
      const [feeds] = asReceiver;
      if (fed && !feeds) {
        const message = `connector "${connector.id}" is an exporter of ${names(asExporter)}, but no pipeline has it as receiver`;
        report(fed.reference.at, message);
      }
      if (feeds && !fed) {
        const message = `connector "${connector.id}" is a receiver of ${names(asReceiver)}, but no pipeline has it as exporter`;
        report(feeds.reference.at, message);
      }
    }
  },
};

const connectorSignal: CollectorRule = {
  code: 'OC016',
  name: 'connector-signal',
  severity: 'error',
  summary: 'A connector is used between signals that it does not connect.',
  advice: 'The collector refuses to start. Use it in pipelines of the signals that the message names.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
connectors: {span_metrics: {}}
service:
  pipelines:
    logs: {receivers: [otlp], exporters: [span_metrics]}
    metrics: {receivers: [span_metrics], exporters: [debug]}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
connectors: {span_metrics: {}}
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [span_metrics]}
    metrics: {receivers: [span_metrics], exporters: [debug]}
`,
  check({ config }, report) {
    if (!config.arePipelinesKnown) return;
    for (const uses of usesOfDefined(config)) {
      const pairs = supportedPairs(uses.connector.type);
      if (!pairs || uses.asExporter.length === 0 || uses.asReceiver.length === 0) continue;
      checkUses(
        uses,
        uses.asExporter,
        uses.asReceiver,
        (from, to) => pairs.has(`${from}>${to}`),
        pairs,
        report,
      );
      checkUses(
        uses,
        uses.asReceiver,
        uses.asExporter,
        (to, from) => pairs.has(`${from}>${to}`),
        pairs,
        report,
      );
    }
  },
};

function checkUses(
  { connector }: ConnectorUses,
  uses: readonly ConnectorUse[],
  others: readonly ConnectorUse[],
  connects: (signal: string, other: string) => boolean,
  pairs: ReadonlySet<string>,
  report: Report,
): void {
  for (const { pipeline, reference } of uses) {
    if (others.some((other) => connects(pipeline.signal, other.pipeline.signal))) continue;
    const signals = [pipeline.signal, ...others.map((other) => other.pipeline.signal)];
    const known = [...pairs].map((pair) => pair.replace('>', ' to ')).join(', ');
    const message = `connector "${connector.id}" connects ${known}; it cannot be used in pipeline "${pipeline.id}" like this`;
    // Support of profiles changes from release to release, and the agents' build is not known here.
    report(reference.at, message, signals.includes('profiles') ? { severity: 'warning' } : {});
  }
}

const pipelineCycle: CollectorRule = {
  code: 'OC017',
  name: 'pipeline-cycle',
  severity: 'error',
  summary: 'Connectors lead from a pipeline back to itself.',
  advice: 'The collector refuses to start. Take one connector out of the circle that the message shows.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
connectors: {forward: {}, forward/back: {}}
service:
  pipelines:
    logs: {receivers: [otlp, forward/back], exporters: [forward]}
    logs/2: {receivers: [forward], exporters: [debug, forward/back]}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
connectors: {forward: {}}
service:
  pipelines:
    logs: {receivers: [otlp], exporters: [forward]}
    logs/2: {receivers: [forward], exporters: [debug]}
`,
  check({ config }, report) {
    const cycle = findCycle(config, findConnectorUses(config));
    if (!cycle) return;
    report(cycle.at, `pipelines form a circle: ${cycle.path.join(' → ')}`);
  },
};

function usesOfDefined(config: CollectorConfig): readonly ConnectorUses[] {
  return findConnectorUses(config).filter(({ connector }) => {
    // An id that is also a receiver or an exporter is told as ambiguous; here it would only be told twice.
    return !config.components.receivers.has(connector.id) && !config.components.exporters.has(connector.id);
  });
}

function names(uses: readonly ConnectorUse[]): string {
  return uses.map(({ pipeline }) => `"${pipeline.id}"`).join(', ');
}

/** Rules on connectors between pipelines. */
export const connectorRules: readonly CollectorRule[] = [connectorOneSided, connectorSignal, pipelineCycle];
