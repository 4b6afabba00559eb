import { retryOnFailure, sendingQueue } from '../blocks/exporter.ts';
import { httpClientFields } from '../blocks/http.ts';
import { choice, settings, text } from '../shape.ts';

/** Settings of the zipkin exporter. */
export const zipkinExporter = settings(
  {
    ...httpClientFields,
    default_service_name: text,
    format: choice('json', 'proto'),
    retry_on_failure: retryOnFailure,
    sending_queue: sendingQueue,
  },
  { required: ['endpoint'] },
);
