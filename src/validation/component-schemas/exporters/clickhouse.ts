import { retryOnFailure, sendingQueue } from '../blocks/exporter.ts';
import { tlsClient } from '../blocks/tls.ts';
import { bool, duration, mapOf, settings, text } from '../shape.ts';

/** Settings of the clickhouse exporter. */
export const clickhouseExporter = settings(
  {
    async_insert: bool,
    cluster_name: text,
    compress: text,
    connection_params: mapOf(text),
    create_schema: bool,
    database: text,
    endpoint: text,
    json: bool,
    logs_table_name: text,
    metrics_table_name: text,
    metrics_tables: settings({
      exponential_histogram: settings({ name: text }),
      gauge: settings({ name: text }),
      histogram: settings({ name: text }),
      sum: settings({ name: text }),
      summary: settings({ name: text }),
    }),
    password: text,
    profiles_table_name: text,
    retry_on_failure: retryOnFailure,
    sending_queue: sendingQueue,
    table_engine: settings({ name: text, params: text }),
    timeout: duration,
    tls: tlsClient,
    traces_table_name: text,
    ttl: duration,
    username: text,
  },
  { required: ['endpoint'] },
);
