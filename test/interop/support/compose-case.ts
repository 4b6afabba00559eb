const logReceivers = ['filelog', 'file_log', 'journald', 'tcp_log', 'udp_log', 'syslog', 'fluent_forward'];
const metricReceivers = [
  'hostmetrics',
  'host_metrics',
  'kubelet_stats',
  'mysql',
  'nginx',
  'prometheus',
  'redis',
  'statsd',
];
const metricProcessors = ['metrics_transform', 'cumulative_to_delta', 'delta_to_cumulative', 'interval'];
const metricExporters = ['prometheus', 'prometheus_remote_write'];

function signalOf(kind: string, type: string): string {
  if (kind === 'receiver' && logReceivers.includes(type)) return 'logs';
  const metrics = { receiver: metricReceivers, processor: metricProcessors, exporter: metricExporters }[kind];
  return metrics?.includes(type) ? 'metrics' : 'traces';
}

/** A whole config around one component with these settings (flow style), used in a pipeline where its kind can be. */
export function composeCase(kind: string, type: string, settings: string): string {
  const lines = {
    receiver: '',
    processor: '',
    exporter: '',
    connector: '',
    extension: '',
    [kind]: `  ${type}/case: ${settings}\n`,
  };
  const used = (place: string, otherwise: string) => (kind === place ? `[${type}/case]` : otherwise);
  const pipeline = `receivers: ${used('receiver', '[otlp/in]')}, processors: ${used('processor', '[]')}, exporters: ${used('exporter', '[debug/out]')}`;
  return `receivers:
  otlp/in: {protocols: {grpc: {}}}
${lines.receiver}exporters:
  debug/out: {}
${lines.exporter}processors:
${lines.processor}connectors:
${lines.connector}extensions:
${lines.extension}service:
  extensions: ${used('extension', '[]')}
  pipelines:
    ${signalOf(kind, type)}: {${pipeline}}
`;
}
