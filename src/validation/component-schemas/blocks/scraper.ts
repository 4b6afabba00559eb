import { bool, duration, type Fields, mapOf, openSettings } from '../shape.ts';

/** When a receiver asks for its metrics. */
export const scraperFields = {
  collection_interval: duration,
  initial_delay: duration,
  timeout: duration,
} satisfies Fields;

/** Metrics, events or attributes by name, each on or off; their names differ from release to release. */
export const enabledByName = mapOf(openSettings({ enabled: bool }));
