/** Pieces that the examples of many rules share. */
export const otlpIn = 'receivers: {otlp: {protocols: {grpc: {}}}}\n';
export const debugOut = 'exporters: {debug: {}}\n';
/** One pipeline from `otlp` to `debug`. */
export const toDebug = 'service: {pipelines: {logs: {receivers: [otlp], exporters: [debug]}}}\n';

/** A whole config that sends logs from `otlp` to one exporter with these settings. */
export function withExporter(type: string, settings: string): string {
  return `${otlpIn}exporters: {${type}: ${settings}}
service: {pipelines: {logs: {receivers: [otlp], exporters: [${type}]}}}
`;
}

/** A whole config with these processors in its one pipeline, in this order. */
export function withProcessors(definitions: string, order: string, signal = 'traces'): string {
  return `${otlpIn}processors: {${definitions}}
${debugOut}service: {pipelines: {${signal}: {receivers: [otlp], processors: [${order}], exporters: [debug]}}}
`;
}
