import { scraperFields } from '../blocks/scraper.ts';
import { any, duration, settings, text } from '../shape.ts';

const names = [
  'cpu',
  'disk',
  'filesystem',
  'hardware',
  'load',
  'memory',
  'network',
  'nfs',
  'paging',
  'process',
  'processes',
  'system',
];

// Each scraper has metrics and filters of its own, which differ from release to release and are not judged.
const scrapers = settings(Object.fromEntries(names.map((name) => [name, any])));

/** Settings of the host_metrics receiver. */
export const hostMetricsReceiver = settings(
  { ...scraperFields, metadata_collection_interval: duration, root_path: text, scrapers },
  { required: ['scrapers'] },
);
