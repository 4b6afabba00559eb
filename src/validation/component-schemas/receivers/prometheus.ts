import { any, atLeastOne, bool, duration, settings, text, until } from '../shape.ts';

/** Settings of the prometheus receiver. */
export const prometheusReceiver = settings(
  {
    api_server: any,
    config: any,
    discovery_reload_on_startup: bool,
    initial_scrape_offset: duration,
    scrape_on_shutdown: bool,
    target_allocator: any,
    trim_metric_suffixes: bool,
    use_start_time_metric: until(143, bool),
    start_time_metric_regex: until(143, text),
    report_extra_scrape_metrics: until(149, bool),
  },
  { groups: [atLeastOne('config', 'target_allocator')] },
);
