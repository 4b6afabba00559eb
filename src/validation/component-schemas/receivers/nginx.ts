import { httpClientFields } from '../blocks/http.ts';
import { enabledByName } from '../blocks/scraper.ts';
import { duration, settings } from '../shape.ts';

/** Settings of the nginx receiver. */
export const nginxReceiver = settings({
  ...httpClientFields,
  collection_interval: duration,
  initial_delay: duration,
  metrics: enabledByName,
});
