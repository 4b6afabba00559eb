import {
  type Context,
  type Tracer as OtelTracer,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import type { Resource } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Logger } from '../logger.ts';
import type { Span, SpanAttributes, Tracer } from './span.ts';
import { tellFailures } from './tell-failures.ts';

/** Spans on their way to `OTEL_EXPORTER_OTLP_ENDPOINT`, in batches that the `OTEL_BSP_…` variables bound. */
export function startTraces(
  resource: Resource,
  version: string,
  logger: Logger,
): { readonly tracer: Tracer; shutdown(): Promise<void> } {
  const exporter = tellFailures(new OTLPTraceExporter(), 'traces', logger);
  const provider = new BasicTracerProvider({ resource, spanProcessors: [new BatchSpanProcessor(exporter)] });
  const tracer = provider.getTracer('muster', version);
  return {
    tracer: { begin: (name, attributes) => beginSpan(tracer, ROOT_CONTEXT, name, attributes) },
    shutdown: () => provider.shutdown(),
  };
}

function beginSpan(tracer: OtelTracer, parent: Context, name: string, attributes: SpanAttributes = {}): Span {
  const span = tracer.startSpan(name, { attributes }, parent);
  const own = trace.setSpan(parent, span);
  return {
    begin: (child, more) => beginSpan(tracer, own, child, more),
    end(failure) {
      if (failure !== undefined) {
        span.setAttribute('error.type', failure);
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    },
  };
}
