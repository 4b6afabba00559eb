import { any, listOf, mapOf, openSettings, settings, text } from '../shape.ts';

const attribute = settings({ default_value: any, key: text });

const metricInfo = settings({ attributes: listOf(attribute), conditions: listOf(text), description: text });

/** Settings of the count connector, which reads over names that it does not know. */
export const countConnector = openSettings({
  datapoints: mapOf(metricInfo),
  logs: mapOf(metricInfo),
  metrics: mapOf(metricInfo),
  profiles: mapOf(metricInfo),
  spanevents: mapOf(metricInfo),
  spans: mapOf(metricInfo),
});
