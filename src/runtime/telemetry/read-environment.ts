/** What OpenTelemetry's variables ask for, as far as its exporters do not read them themselves. */
export interface TelemetryWishes {
  readonly traces: boolean;
  readonly metrics: boolean;
  readonly logs: boolean;
  /** Milliseconds between two exports of metrics. */
  readonly metricIntervalMs: number;
  /** Milliseconds that one of them may take. */
  readonly metricTimeoutMs: number;
  /** How lines of the log are batched; milliseconds and counts. */
  readonly logBatches: {
    readonly scheduledDelayMillis: number;
    readonly exportTimeoutMillis: number;
    readonly maxQueueSize: number;
    readonly maxExportBatchSize: number;
  };
  /** What was asked for and cannot be had, by variable. */
  readonly faults: readonly string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

const defaultIntervalMs = 60_000;
const defaultTimeoutMs = 30_000;

/**
 * Reads the environment as OpenTelemetry's specification says ("Environment Variable Specification" and "OTLP Exporter
 * Configuration"), but sends nothing where no endpoint is named. What it cannot do is a fault and not an error: no
 * telemetry is worth a service that does not start.
 */
export function readTelemetryWishes(environment: Environment): TelemetryWishes {
  const faults: string[] = [];
  const isDisabled = environment.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true';
  const wants = (signal: Signal) => !isDisabled && wantsSignal(environment, signal, faults);
  const [traces, metrics, logs] = [wants('TRACES'), wants('METRICS'), wants('LOGS')];
  const number = (isWanted: boolean, name: string, fallback: number, what = 'number of milliseconds') => {
    const text = environment[name]?.trim() ?? '';
    if (text === '') return fallback;
    if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
    if (isWanted) faults.push(`${name} is no ${what}`);
    return fallback;
  };
  const metricIntervalMs = number(metrics, 'OTEL_METRIC_EXPORT_INTERVAL', defaultIntervalMs);
  const metricTimeoutMs = number(metrics, 'OTEL_METRIC_EXPORT_TIMEOUT', defaultTimeoutMs);
  const maxQueueSize = number(logs, 'OTEL_BLRP_MAX_QUEUE_SIZE', 2_048, 'count');
  const batch = number(logs, 'OTEL_BLRP_MAX_EXPORT_BATCH_SIZE', 512, 'count');
  return {
    ...{ traces, metrics, logs, metricIntervalMs, faults },
    metricTimeoutMs: Math.min(metricIntervalMs, metricTimeoutMs),
    logBatches: {
      scheduledDelayMillis: number(logs, 'OTEL_BLRP_SCHEDULE_DELAY', 1_000),
      exportTimeoutMillis: number(logs, 'OTEL_BLRP_EXPORT_TIMEOUT', defaultTimeoutMs),
      maxQueueSize,
      maxExportBatchSize: Math.min(maxQueueSize, batch),
    },
  };
}

type Signal = 'TRACES' | 'METRICS' | 'LOGS';

function wantsSignal(environment: Environment, signal: Signal, faults: string[]): boolean {
  const own = (name: string) => environment[name.replace('OTLP_', `OTLP_${signal}_`)] || environment[name];
  if (!own('OTEL_EXPORTER_OTLP_ENDPOINT')) return false;
  const exporter = environment[`OTEL_${signal}_EXPORTER`]?.trim() || 'otlp';
  const protocol = own('OTEL_EXPORTER_OTLP_PROTOCOL')?.trim() || 'http/protobuf';
  if (exporter === 'none') return false;
  if (exporter === 'otlp' && protocol === 'http/protobuf') return true;
  if (exporter === 'otlp')
    faults.push(`the OTLP protocol for ${signal.toLowerCase()} is not http/protobuf, the only one there is`);
  else faults.push(`OTEL_${signal}_EXPORTER is neither otlp nor none`);
  return false;
}
