import protobuf from 'protobufjs';

/** A part of opentelemetry-proto 1.x, as far as tests look. */
const { root } = protobuf.parse(`syntax = "proto3";
message AnyValue { string string_value = 1; int64 int_value = 3; double double_value = 4; }
message KeyValue { string key = 1; AnyValue value = 2; }
message Resource { repeated KeyValue attributes = 1; }
message Status { int32 code = 3; }
message Span {
  bytes trace_id = 1; bytes span_id = 2; bytes parent_span_id = 4; string name = 5;
  repeated KeyValue attributes = 9; Status status = 15;
}
message ScopeSpans { repeated Span spans = 2; }
message ResourceSpans { Resource resource = 1; repeated ScopeSpans scope_spans = 2; }
message Traces { repeated ResourceSpans resource_spans = 1; }
message NumberDataPoint { double as_double = 4; sfixed64 as_int = 6; repeated KeyValue attributes = 7; }
message Gauge { repeated NumberDataPoint data_points = 1; }
message Sum { repeated NumberDataPoint data_points = 1; int32 aggregation_temporality = 2; bool is_monotonic = 3; }
message Metric { string name = 1; string unit = 3; Gauge gauge = 5; Sum sum = 7; }
message ScopeMetrics { repeated Metric metrics = 2; }
message ResourceMetrics { Resource resource = 1; repeated ScopeMetrics scope_metrics = 2; }
message Metrics { repeated ResourceMetrics resource_metrics = 1; }
message LogRecord {
  fixed64 time_unix_nano = 1; int32 severity_number = 2; string severity_text = 3; AnyValue body = 5;
  repeated KeyValue attributes = 6;
}
message ScopeLogs { repeated LogRecord log_records = 2; }
message ResourceLogs { Resource resource = 1; repeated ScopeLogs scope_logs = 2; }
message Logs { repeated ResourceLogs resource_logs = 1; }`);

interface KeyValue {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly doubleValue?: number };
}

/** A span as it was sent; ids are hex. */
export interface SentSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

export interface SentMetric {
  readonly name: string;
  readonly resource: Readonly<Record<string, unknown>>;
  readonly points: readonly { readonly labels: Readonly<Record<string, unknown>>; readonly value: number }[];
}

/** A line of a log as it was sent; the time is in milliseconds since the epoch. */
export interface SentLine {
  readonly at: number;
  readonly severity: readonly [number: number, text: string];
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly resource: Readonly<Record<string, unknown>>;
}

/** The spans of an ExportTraceServiceRequest. */
export function readSpans(body: Uint8Array): readonly SentSpan[] {
  return records(body, 'Traces', ['resourceSpans', 'scopeSpans', 'spans']).map(([span, resource]) => ({
    name: String(span.name),
    ...{ traceId: hex(span.traceId), spanId: hex(span.spanId), parentSpanId: hex(span.parentSpanId) },
    attributes: toRecord(span.attributes),
    resource,
  }));
}

/** The sums and gauges of an ExportMetricsServiceRequest. */
export function readMetrics(body: Uint8Array): readonly SentMetric[] {
  return records(body, 'Metrics', ['resourceMetrics', 'scopeMetrics', 'metrics']).map(
    ([metric, resource]) => ({
      name: String(metric.name),
      resource,
      points: ((metric.gauge ?? metric.sum)?.dataPoints ?? []).map((point: Raw) => ({
        labels: toRecord(point.attributes),
        value: Number(point.asDouble),
      })),
    }),
  );
}

/** The records of an ExportLogsServiceRequest. */
export function readLines(body: Uint8Array): readonly SentLine[] {
  return records(body, 'Logs', ['resourceLogs', 'scopeLogs', 'logRecords']).map(([line, resource]) => ({
    at: Math.round(Number(line.timeUnixNano) / 1e6),
    severity: [line.severityNumber, line.severityText] as const,
    body: String(line.body?.stringValue),
    attributes: toRecord(line.attributes),
    resource,
  }));
}

/** Every record of a request, with its resource's attributes; requests of all signals nest them alike. */
function records(
  body: Uint8Array,
  type: string,
  [resources, scopes, list]: readonly [string, string, string],
): readonly (readonly [record: Raw, resource: Readonly<Record<string, unknown>>])[] {
  return (decode(type, body)[resources] ?? []).flatMap((own: Raw) =>
    own[scopes].flatMap((scope: Raw) =>
      scope[list].map((record: Raw) => [record, toRecord(own.resource.attributes)] as const),
    ),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: what a message holds is known to the schema above only.
type Raw = any;

function decode(type: string, body: Uint8Array): Raw {
  return root.lookupType(type).toObject(root.lookupType(type).decode(body), { arrays: true, bytes: Buffer });
}

function hex(bytes: unknown): string {
  return bytes instanceof Uint8Array ? Buffer.from(bytes).toString('hex') : '';
}

function toRecord(attributes: readonly KeyValue[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.doubleValue]),
  );
}
