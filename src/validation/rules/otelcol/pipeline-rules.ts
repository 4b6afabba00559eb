import type { CollectorRule } from './subject.ts';

const pipelineIncomplete: CollectorRule = {
  code: 'OC008',
  name: 'pipeline-incomplete',
  severity: 'error',
  summary: 'A pipeline has no receivers or no exporters.',
  advice: 'The collector refuses to start. Give it at least one of each, or delete the pipeline.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [debug]}
    logs: {receivers: [otlp]}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}}
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [debug]}
    logs: {receivers: [otlp], exporters: [debug]}
`,
  check({ config }, report) {
    for (const pipeline of config.pipelines) {
      const missing = (['receivers', 'exporters'] as const).filter((role) => {
        const { references, isKnown, entry } = pipeline[role];
        const isWrongForm = entry !== undefined && entry.value.kind !== 'list' && !isNullEntry(entry.value);
        return references.length === 0 && isKnown && !isWrongForm;
      });
      if (missing.length > 0)
        report(pipeline.key.at, `pipeline "${pipeline.id}" has no ${missing.join(' and no ')}`);
    }
  },
};

function isNullEntry(node: { readonly kind: string; readonly type?: string }): boolean {
  return node.kind === 'scalar' && node.type === 'null';
}

const duplicateProcessor: CollectorRule = {
  code: 'OC013',
  name: 'duplicate-processor',
  severity: 'error',
  summary: 'A pipeline names one processor twice.',
  advice: 'The collector refuses to start. Define a second one, such as `batch/late`, if both are meant.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
processors: {batch: {}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], processors: [batch, batch], exporters: [debug]}}}
`,
  good: `receivers: {otlp: {protocols: {grpc: {}}}}
processors: {batch: {}, batch/late: {}}
exporters: {debug: {}}
service: {pipelines: {logs: {receivers: [otlp], processors: [batch, batch/late], exporters: [debug]}}}
`,
  check({ config }, report) {
    for (const pipeline of config.pipelines) {
      const seen = new Set<string>();
      for (const { id, at } of pipeline.processors.references) {
        if (seen.has(id)) report(at, `processor "${id}" appears twice in pipeline "${pipeline.id}"`);
        seen.add(id);
      }
    }
  },
};

const connectorAmbiguous: CollectorRule = {
  code: 'OC014',
  name: 'connector-ambiguous',
  severity: 'error',
  summary: 'A connector has the id of a receiver or an exporter.',
  advice: 'The collector refuses to start, since pipelines could not say which one they mean. Rename one.',
  bad: `receivers: {otlp: {protocols: {grpc: {}}}}
exporters: {debug: {}, forward: {}}
connectors: {forward: {}}
service:
  pipelines:
    logs: {receivers: [otlp], exporters: [forward]}
    logs/2: {receivers: [forward], exporters: [debug]}
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
    for (const { id, key } of config.components.connectors.values()) {
      const other = config.components.receivers.get(id) ?? config.components.exporters.get(id);
      if (!other) continue;
      const what = other.section.slice(0, -1);
      report(
        key.at,
        `"${id}" is both a connector and an ${what} (${other.key.at.line}:${other.key.at.column}); rename one`.replace(
          'an receiver',
          'a receiver',
        ),
      );
    }
  },
};

/** Rules on single pipelines and on ids that they could confuse. */
export const pipelineRules: readonly CollectorRule[] = [
  pipelineIncomplete,
  duplicateProcessor,
  connectorAmbiguous,
];
