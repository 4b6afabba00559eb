import { bad, good, ours, type RuleCase } from './rule-case.ts';

const head = 'receivers: {otlp: {protocols: {grpc: {}}}, nop: {}}\nexporters: {debug: {}, nop: {}}\n';
const service = (pipelines: string, more = ''): string => `${more}service: {pipelines: {${pipelines}}}`;
const logs = 'logs: {receivers: [nop], exporters: [nop]}';
const connectors = 'connectors: {forward: {}, forward/b: {}, span_metrics: {}}\n';
const chained = (pipelines: string): string => head + service(pipelines, connectors);

const identifiers: readonly RuleCase[] = [
  good('ids: a type in capitals and digits', `${head}${service(logs, 'processors: {batch/A1: {}}\n')}`),
  good(
    'ids: spaces around the slash',
    `receivers: {"nop / a": {}}\nexporters: {nop: {}}\n${service('logs: {receivers: ["nop/a"], exporters: [nop]}')}`,
  ),
  good(
    'ids: brackets and punctuation in a name',
    `receivers: {"nop/a.b:c@d(e)[f]": {}}\nexporters: {nop: {}}\n${service('logs: {receivers: ["nop/a.b:c@d(e)[f]"], exporters: [nop]}')}`,
  ),
  bad(
    'ids: a dollar in a name',
    ['OC005'],
    `receivers: {"nop/a$$b": {}}\nexporters: {nop: {}}\n${service('logs: {receivers: ["nop/a$$b"], exporters: [nop]}')}`,
  ),
  bad(
    'ids: a pipe in a name',
    ['OC005'],
    `receivers: {"nop/a|b": {}}\nexporters: {nop: {}}\n${service('logs: {receivers: ["nop/a|b"], exporters: [nop]}')}`,
  ),
  bad(
    'ids: a slash alone',
    ['OC005'],
    `receivers: {"/": {}, nop: {}}\nexporters: {nop: {}}\n${service(logs)}`,
  ),
  bad('ids: no type', ['OC005'], `receivers: {"/a": {}, nop: {}}\nexporters: {nop: {}}\n${service(logs)}`),
  bad(
    'ids: an extension with a space',
    ['OC005'],
    `${head}extensions: {"health_check/a b": {}}\n${service(logs)}`,
  ),
  bad(
    'ids: a pipeline with a space',
    ['OC005'],
    `${head}service: {pipelines: {"logs/a b": {receivers: [nop], exporters: [nop]}}}`,
  ),
  bad(
    'ids: a pipeline without a name after its slash',
    ['OC005'],
    `${head}service: {pipelines: {"logs/": {receivers: [nop], exporters: [nop]}}}`,
  ),
];

const sections: readonly RuleCase[] = [
  bad('sections: a singular', ['OC003'], `${head}processor: {batch: {}}\n${service(logs)}`),
  bad('sections: in capitals', ['OC003'], `${head}Extensions: {}\n${service(logs)}`),
  bad(
    'sections: a key of a pipeline',
    ['OC003'],
    `${head}${service('logs: {receivers: [nop], exporters: [nop], connectors: []}')}`,
  ),
  bad('sections: telemetry at the top', ['OC003'], `${head}telemetry: {}\n${service(logs)}`),
  bad(
    'sections: a singular receiver in a pipeline',
    ['OC003', 'OC008'],
    `${head}${service('logs: {receiver: [nop], exporters: [nop]}')}`,
  ),
  bad('sections: a list of receivers', ['OC022'], `receivers: [nop]\nexporters: {nop: {}}\n${service(logs)}`),
  good(
    'sections: null processors and connectors',
    `${head}processors:\nconnectors:\nextensions:\n${service(logs)}`,
  ),
  bad('sections: a pipeline that is a list', ['OC022'], `${head}${service('logs: [nop]')}`),
];

const references: readonly RuleCase[] = [
  good(
    'references: processors in many pipelines',
    `${head}processors: {batch: {}}\n${service('logs: {receivers: [nop], processors: [batch], exporters: [nop]}, traces: {receivers: [nop], processors: [batch], exporters: [nop]}')}`,
  ),
  good(
    'references: two extensions',
    `${head}extensions: {health_check: {}, health_check/2: {endpoint: "localhost:13134"}}\nservice: {extensions: [health_check, health_check/2], pipelines: {${logs}}}`,
  ),
  good(
    'references: an extension listed twice',
    `${head}extensions: {health_check: {}}\nservice: {extensions: [health_check, health_check], pipelines: {${logs}}}`,
  ),
  bad(
    'references: a name that is not there',
    ['OC009'],
    `${head}${service('logs: {receivers: [nop/b], exporters: [nop]}')}`,
  ),
  bad(
    'references: a processor as exporter',
    ['OC011'],
    `${head}processors: {batch: {}}\n${service('logs: {receivers: [nop], exporters: [batch]}')}`,
  ),
  bad(
    'references: a receiver as processor',
    ['OC010'],
    `${head}${service('logs: {receivers: [nop], processors: [nop], exporters: [nop]}')}`,
  ),
  bad(
    'references: the old name where the new one is defined',
    ['OC011'],
    `receivers: {nop: {}}\nexporters: {otlp_http: {endpoint: "http://localhost:4318"}}\n${service('logs: {receivers: [nop], exporters: [otlphttp]}')}`,
  ),
  bad(
    'references: the new name where the old one is defined',
    ['OC011'],
    `receivers: {nop: {}}\nexporters: {otlphttp: {endpoint: "http://localhost:4318"}}\n${service('logs: {receivers: [nop], exporters: [otlp_http]}')}`,
  ),
  bad(
    'references: an extension by a name',
    ['OC012'],
    `${head}extensions: {health_check: {}}\nservice: {extensions: [health_check/2], pipelines: {${logs}}}`,
  ),
  bad(
    'references: an exporter among the extensions',
    ['OC012'],
    `${head}service: {extensions: [nop], pipelines: {${logs}}}`,
  ),
  bad(
    'references: a processor three times',
    ['OC013'],
    `${head}processors: {batch: {}}\n${service('logs: {receivers: [nop], processors: [batch, batch, batch], exporters: [nop]}')}`,
  ),
  bad(
    'references: an exporter named as a connector',
    ['OC014'],
    `receivers: {nop: {}}\nexporters: {nop: {}, forward: {}}\nconnectors: {forward: {}}\n${service(logs)}`,
  ),
];

const graphs: readonly RuleCase[] = [
  good(
    'graph: one connector to two pipelines',
    chained(
      'logs: {receivers: [nop], exporters: [forward]}, logs/2: {receivers: [forward], exporters: [nop]}, logs/3: {receivers: [forward], exporters: [debug]}',
    ),
  ),
  good(
    'graph: two pipelines into one connector',
    chained(
      'logs: {receivers: [nop], exporters: [forward]}, logs/2: {receivers: [otlp], exporters: [forward]}, logs/3: {receivers: [forward], exporters: [debug]}',
    ),
  ),
  good(
    'graph: metrics of spans beside a chain',
    chained(
      'traces: {receivers: [otlp], exporters: [span_metrics, forward]}, traces/2: {receivers: [forward], exporters: [debug]}, metrics: {receivers: [span_metrics, otlp], exporters: [debug]}',
    ),
  ),
  bad(
    'graph: spans made of metrics',
    ['OC016'],
    chained(
      'metrics: {receivers: [otlp], exporters: [span_metrics]}, traces: {receivers: [span_metrics], exporters: [debug]}',
    ),
  ),
  bad(
    'graph: metrics of metrics',
    ['OC016'],
    chained(
      'metrics: {receivers: [otlp], exporters: [span_metrics]}, metrics/2: {receivers: [span_metrics], exporters: [debug]}',
    ),
  ),
  bad(
    'graph: a forward from traces to logs',
    ['OC016'],
    chained(
      'traces: {receivers: [otlp], exporters: [forward]}, logs: {receivers: [forward], exporters: [debug]}',
    ),
  ),
  bad(
    'graph: one of two pipelines is not connected',
    ['OC016'],
    chained(
      'traces: {receivers: [otlp], exporters: [span_metrics]}, logs: {receivers: [otlp], exporters: [span_metrics]}, metrics: {receivers: [span_metrics], exporters: [debug]}',
    ),
  ),
  bad(
    'graph: a connector that leads nowhere',
    ['OC015'],
    chained('traces: {receivers: [otlp], exporters: [debug, span_metrics]}'),
  ),
  bad(
    'graph: a connector out of nowhere',
    ['OC015'],
    chained('metrics: {receivers: [otlp, span_metrics], exporters: [debug]}'),
  ),
  bad(
    'graph: a circle of three',
    ['OC017'],
    `${head}connectors: {forward/a: {}, forward/b: {}, forward/c: {}}\n${service('logs/1: {receivers: [nop, forward/c], exporters: [forward/a]}, logs/2: {receivers: [forward/a], exporters: [forward/b]}, logs/3: {receivers: [forward/b], exporters: [forward/c, nop]}')}`,
  ),
  bad(
    'graph: host metrics as traces',
    ['OC018'],
    `receivers: {hostmetrics: {scrapers: {load: {}}}}\nexporters: {debug: {}}\n${service('traces: {receivers: [hostmetrics], exporters: [debug]}')}`,
  ),
  bad(
    'graph: a sampler of metrics under its name',
    ['OC018'],
    `${head}processors: {probabilistic_sampler/x: {}}\n${service('metrics: {receivers: [otlp], processors: [probabilistic_sampler/x], exporters: [debug]}')}`,
  ),
  bad(
    'graph: a processor among the exporters',
    ['OC021'],
    `receivers: {nop: {}}\nexporters: {nop: {}, batch: {}}\n${service(logs)}`,
  ),
  bad('graph: a receiver among the processors', ['OC021'], `${head}processors: {otlp: {}}\n${service(logs)}`),
  bad(
    'graph: an exporter among the receivers',
    ['OC021'],
    `receivers: {nop: {}, debug: {}}\nexporters: {nop: {}}\n${service(logs)}`,
  ),
  bad(
    'graph: an extension among the processors',
    ['OC021'],
    `${head}processors: {zpages: {}}\n${service(logs)}`,
  ),
  bad(
    'graph: profiles beside others',
    ['OC007'],
    `${head}${service('profiles: {receivers: [nop], exporters: [nop]}, logs: {receivers: [nop], exporters: [nop]}')}`,
  ),
];

const dollars: readonly RuleCase[] = [
  good(
    'dollars: a nested default',
    `${head}extensions: {health_check: {endpoint: "localhost:\${env:MUSTER_A:-\${env:MUSTER_B:-13133}}"}}\n${service(logs)}`,
  ),
  good(
    'dollars: at the end of an expression',
    `${head}processors: {resource: {attributes: [{key: "^a$", value: b$, action: upsert}]}}\n${service(logs)}`,
  ),
  good(
    'dollars: doubled before braces',
    `${head}processors: {resource: {attributes: [{key: a, value: "$\${b}", action: upsert}]}}\n${service(logs)}`,
  ),
  bad(
    'dollars: a name with a hyphen',
    ['OC034'],
    `${head}extensions: {health_check: {endpoint: "\${env:MY-HOST}:13133"}}\n${service(logs)}`,
  ),
  bad(
    'dollars: no name at all',
    ['OC034'],
    `${head}extensions: {health_check: {endpoint: "\${env:}:13133"}}\n${service(logs)}`,
  ),
  bad(
    'dollars: a name with a dot',
    ['OC034'],
    `${head}extensions: {health_check: {endpoint: "\${my.host}:13133"}}\n${service(logs)}`,
  ),
];

/** What fails only at start, or only by our policy: `validate` takes it. */
const later: readonly RuleCase[] = [
  ours(
    'start: an authenticator that is nowhere',
    ['OC028'],
    `receivers: {nop: {}}\nexporters: {otlp_http: {endpoint: "http://localhost:4318", auth: {authenticator: basicauth}}}\n${service('logs: {receivers: [nop], exporters: [otlp_http]}')}`,
  ),
  ours(
    'start: storage that is not enabled',
    ['OC029'],
    `receivers: {nop: {}}\nextensions: {file_storage: {directory: /tmp}}\nexporters: {otlp_http: {endpoint: "http://localhost:4318", sending_queue: {storage: file_storage}}}\n${service('logs: {receivers: [nop], exporters: [otlp_http]}')}`,
  ),
  ours(
    'start: one port for two protocols',
    ['OC037'],
    `receivers: {otlp: {protocols: {grpc: {endpoint: "localhost:4317"}, http: {endpoint: "localhost:4317"}}}}\nexporters: {nop: {}}\n${service('logs: {receivers: [otlp], exporters: [nop]}')}`,
  ),
  ours(
    'policy: a key of a cloud',
    ['OC050'],
    `receivers: {nop: {}}\nexporters: {otlp_http: {endpoint: "http://localhost:4318", headers: {x-key: AKIAIOSFODNN7EXAMPLE}}}\n${service('logs: {receivers: [nop], exporters: [otlp_http]}')}`,
  ),
];

/** Cases about ids, sections, references, connectors and dollars. */
export const pipelineCases: readonly RuleCase[] = [
  ...identifiers,
  ...sections,
  ...references,
  ...graphs,
  ...dollars,
  ...later,
];
