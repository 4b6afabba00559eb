import { bad, forContrib, good, ours, type RuleCase } from './rule-case.ts';

const settings: Readonly<Record<string, string>> = {
  otlp: '{protocols: {grpc: {}}}',
  file_log: '{include: [/var/log/*.log]}',
  filelog: '{include: [/var/log/*.log]}',
  kafka: '{}',
  jaeger: '{protocols: {grpc: {}}}',
  host_metrics: '{scrapers: {load: {}}}',
  prometheus: '{config: {scrape_configs: [{job_name: a, static_configs: [{targets: ["127.0.0.1:1"]}]}]}}',
  mysql: '{username: otel}',
  tail_sampling: '{policies: [{name: all, type: always_sample}]}',
  span: '{name: {from_attributes: [a]}}',
  metrics_transform: '{transforms: []}',
  load_balancing: '{protocol: {otlp: {}}, resolver: {static: {hostnames: ["a:4317"]}}}',
  prometheus_remote_write: '{endpoint: "http://localhost:9090/api/v1/write"}',
  zipkin: '{endpoint: "http://localhost:9411/api/v2/spans"}',
};

const define = (type: string): string => `${type}: ${settings[type] ?? '{}'}`;

/** One pipeline of a signal through these three types. */
function pipe(signal: string, receiver: string, processor: string | undefined, exporter: string): string {
  const processors = processor === undefined ? '' : `processors: {${define(processor)}}\n`;
  const order = processor === undefined ? '' : `processors: [${processor}], `;
  return `receivers: {${define(receiver)}}\n${processors}exporters: {${exporter === 'prometheus' ? 'prometheus: {endpoint: "127.0.0.1:9464"}' : define(exporter)}}
service: {pipelines: {${signal}: {receivers: [${receiver}], ${order}exporters: [${exporter}]}}}`;
}

type Row = readonly [signal: string, receiver: string, processor: string | undefined, exporter: string];

const name = ([signal, receiver, processor, exporter]: Row): string =>
  `${signal} from ${receiver}${processor === undefined ? '' : ` through ${processor}`} to ${exporter}`;

const flows: readonly Row[] = [
  ['logs', 'file_log', 'filter', 'debug'],
  ['logs', 'filelog', 'transform', 'debug'],
  ['logs', 'kafka', 'redaction', 'kafka'],
  ['traces', 'jaeger', 'tail_sampling', 'zipkin'],
  ['traces', 'kafka', 'span', 'load_balancing'],
  ['traces', 'otlp', 'probabilistic_sampler', 'debug'],
  ['metrics', 'prometheus', 'interval', 'prometheus_remote_write'],
  ['metrics', 'host_metrics', 'cumulative_to_delta', 'prometheus'],
  ['metrics', 'mysql', 'metrics_transform', 'debug'],
  ['metrics', 'otlp', 'delta_to_cumulative', 'kafka'],
  ['logs', 'otlp', 'groupbyattrs', 'debug'],
  ['metrics', 'statsd', 'filter', 'debug'],
];

const mismatches: readonly Row[] = [
  ['metrics', 'otlp', 'tail_sampling', 'debug'],
  ['logs', 'otlp', 'tail_sampling', 'debug'],
  ['logs', 'otlp', 'span', 'debug'],
  ['metrics', 'otlp', 'span', 'debug'],
  ['logs', 'otlp', 'interval', 'debug'],
  ['traces', 'otlp', 'cumulative_to_delta', 'debug'],
  ['traces', 'otlp', 'delta_to_cumulative', 'debug'],
  ['logs', 'otlp', 'metrics_transform', 'debug'],
  ['traces', 'file_log', undefined, 'debug'],
  ['metrics', 'file_log', undefined, 'debug'],
  ['metrics', 'jaeger', undefined, 'debug'],
  ['logs', 'jaeger', undefined, 'debug'],
  ['logs', 'prometheus', undefined, 'debug'],
  ['traces', 'prometheus', undefined, 'debug'],
  ['traces', 'mysql', undefined, 'debug'],
  ['logs', 'host_metrics', undefined, 'prometheus'],
  ['traces', 'otlp', undefined, 'prometheus'],
  ['logs', 'otlp', undefined, 'prometheus_remote_write'],
  ['traces', 'otlp', undefined, 'prometheus_remote_write'],
  ['logs', 'otlp', undefined, 'zipkin'],
  ['metrics', 'otlp', undefined, 'zipkin'],
];

const otlp = 'receivers: {otlp: {protocols: {grpc: {}}}}\nexporters: {debug: {}}\n';
const joined = (connector: string, from: string, to: string): string =>
  `${otlp}connectors: {${connector}: {}}\nservice: {pipelines: {${from}: {receivers: [otlp], exporters: [${connector}]}, ${to}/out: {receivers: [${connector}], exporters: [debug]}}}`;

const graphs: readonly RuleCase[] = [
  good('contrib: counts of logs', joined('count', 'logs', 'metrics')),
  good('contrib: counts of metrics', joined('count', 'metrics', 'metrics')),
  good('contrib: a service graph', joined('service_graph', 'traces', 'metrics')),
  good('contrib: a service graph by its older name', joined('servicegraph', 'traces', 'metrics')),
  bad('contrib: counts as logs', ['OC016'], joined('count', 'logs', 'logs')),
  bad('contrib: counts as traces', ['OC016'], joined('count', 'traces', 'traces')),
  bad('contrib: a service graph of logs', ['OC016'], joined('service_graph', 'logs', 'metrics')),
  bad('contrib: a service graph as traces', ['OC016'], joined('service_graph', 'traces', 'traces')),
  bad('contrib: a service graph of metrics', ['OC016'], joined('servicegraph', 'metrics', 'metrics')),
];

const starts: readonly RuleCase[] = [
  ours(
    'contrib: an authenticator of a receiver that is not enabled',
    ['OC028'],
    `receivers: {otlp: {protocols: {http: {auth: {authenticator: basicauth}}}}}\nexporters: {debug: {}}\nextensions: {basicauth: {htpasswd: {inline: "a:b"}}}\nservice: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}`,
  ),
  ours(
    'contrib: storage of a file receiver that is not there',
    ['OC029'],
    'receivers: {file_log: {include: [/x], storage: file_storage}}\nexporters: {debug: {}}\nservice: {pipelines: {logs: {receivers: [file_log], exporters: [debug]}}}',
  ),
  ours(
    'contrib: two receivers on one port',
    ['OC037'],
    'receivers: {otlp: {protocols: {grpc: {endpoint: "localhost:4317"}}}, jaeger: {protocols: {grpc: {endpoint: "localhost:4317"}}}}\nexporters: {debug: {}}\nservice: {pipelines: {traces: {receivers: [otlp, jaeger], exporters: [debug]}}}',
  ),
  ours(
    'contrib: a token in a header',
    ['OC050'],
    'receivers: {otlp: {protocols: {grpc: {}}}}\nexporters: {otlp_http: {endpoint: "https://a.example.com", headers: {Authorization: "Bearer 8f14e45fceea167a5a36dedd4bea2543"}}}\nservice: {pipelines: {logs: {receivers: [otlp], exporters: [otlp_http]}}}',
  ),
];

/** Cases that need components of contrib: signals, connectors, and what fails only at start. */
export const contribCases: readonly RuleCase[] = forContrib([
  ...flows.map((row) => good(`contrib: ${name(row)}`, pipe(...row))),
  ...mismatches.map((row) => bad(`contrib: ${name(row)}`, ['OC018'], pipe(...row))),
  ...graphs,
  ...starts,
]);
