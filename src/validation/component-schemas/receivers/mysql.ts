import { addrFields } from '../blocks/net.ts';
import { enabledByName, scraperFields } from '../blocks/scraper.ts';
import { tlsClient } from '../blocks/tls.ts';
import { bool, duration, int, settings, text, uint } from '../shape.ts';

/** Settings of the mysql receiver. */
export const mysqlReceiver = settings({
  ...addrFields,
  ...scraperFields,
  allow_native_passwords: bool,
  database: text,
  events: enabledByName,
  metrics: enabledByName,
  password: text,
  query_sample_collection: settings({ max_rows_per_query: uint }),
  resource_attributes: enabledByName,
  statement_events: settings({ digest_text_limit: int, limit: int, time_limit: duration }),
  tls: tlsClient,
  top_query_collection: settings({
    collection_interval: duration,
    lookback_time: uint,
    max_query_sample_count: uint,
    query_plan_cache_size: int,
    query_plan_cache_ttl: duration,
    top_query_count: uint,
  }),
  username: text,
});
