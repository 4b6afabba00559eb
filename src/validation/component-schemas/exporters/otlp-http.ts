import { retryOnFailure, sendingQueue } from '../blocks/exporter.ts';
import { httpClientFields } from '../blocks/http.ts';
import { atLeastOne, choice, settings, text } from '../shape.ts';

/** Settings of the otlp_http exporter. */
export const otlpHttpExporter = settings(
  {
    ...httpClientFields,
    encoding: choice('proto', 'json'),
    logs_endpoint: text,
    metrics_endpoint: text,
    profiles_endpoint: text,
    retry_on_failure: retryOnFailure,
    sending_queue: sendingQueue,
    traces_endpoint: text,
  },
  {
    groups: [
      atLeastOne('endpoint', 'traces_endpoint', 'metrics_endpoint', 'logs_endpoint', 'profiles_endpoint'),
    ],
  },
);
