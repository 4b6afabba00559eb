import { type AnyValueMap, SeverityNumber } from '@opentelemetry/api-logs';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import type { Resource } from '@opentelemetry/resources';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import type { LogLines } from '../log-lines.ts';
import type { Logger } from '../logger.ts';
import type { TelemetryWishes } from './read-environment.ts';
import { tellFailures } from './tell-failures.ts';

/** By pino's level, as OpenTelemetry's logs data model says it ("Severity Fields"). */
const severities: ReadonlyMap<number, readonly [severity: SeverityNumber, name: string]> = new Map([
  [10, [SeverityNumber.TRACE, 'TRACE']],
  [20, [SeverityNumber.DEBUG, 'DEBUG']],
  [30, [SeverityNumber.INFO, 'INFO']],
  [40, [SeverityNumber.WARN, 'WARN']],
  [50, [SeverityNumber.ERROR, 'ERROR']],
  [60, [SeverityNumber.FATAL, 'FATAL']],
]);

/** Lines of the log on their way to `OTEL_EXPORTER_OTLP_ENDPOINT`, as they stand on standard error. */
export function startLogs(
  resource: Resource,
  { version, logBatches }: { readonly version: string } & Pick<TelemetryWishes, 'logBatches'>,
  { lines, logger }: { readonly lines: LogLines; readonly logger: Logger },
): { shutdown(): Promise<void> } {
  // It logs when exports begin to fail and when they work again, and no line in between that would have to be sent as well.
  const exporter = tellFailures(new OTLPLogExporter(), 'logs', logger);
  const provider = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ exporter, ...logBatches })],
  });
  const out = provider.getLogger('muster', version);
  const stop = lines.listen((line) => out.emit(toRecord(line)));
  return {
    shutdown() {
      stop();
      return provider.shutdown();
    },
  };
}

/** A line as a record: message, severity and time by name, and every other field as an attribute. */
function toRecord(line: string) {
  const { level, time, msg, ...fields } = JSON.parse(line) as { level: number; time: string; msg?: string };
  const [severityNumber, severityText] = severities.get(level) ?? [SeverityNumber.UNSPECIFIED, ''];
  return {
    timestamp: new Date(time),
    ...{ severityNumber, severityText },
    body: msg ?? '',
    attributes: fields as AnyValueMap,
  };
}
