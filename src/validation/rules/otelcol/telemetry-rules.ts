import { getPath } from '../../../manifests/index.ts';
import { debugOut, otlpIn } from './examples.ts';
import { isOpaque } from './expansions.ts';
import { isAbsentAt, textAt } from './settings.ts';
import type { CollectorRule } from './subject.ts';

const pipelines = 'pipelines: {logs: {receivers: [otlp], exporters: [debug]}}';

const telemetryViews: CollectorRule = {
  code: 'OC033',
  name: 'telemetry-views',
  severity: 'error',
  summary:
    'The collector’s own metrics have views without level `detailed`, or no reader although their level is not `none`.',
  advice:
    'The collector refuses to start. Set `service.telemetry.metrics.level: detailed`, or drop the views.',
  bad: `${otlpIn}${debugOut}service:
  telemetry: {metrics: {level: normal, views: [{selector: {instrument_name: x}, stream: {name: y}}]}}
  ${pipelines}
`,
  good: `${otlpIn}${debugOut}service:
  telemetry: {metrics: {level: detailed, views: [{selector: {instrument_name: x}, stream: {name: y}}]}}
  ${pipelines}
`,
  check({ config }, report) {
    const metrics = getPath(config.service?.value, 'telemetry::metrics');
    if (metrics?.kind !== 'map' || isOpaque(getPath(metrics, 'level'))) return;
    const level = isAbsentAt(metrics, 'level') ? 'normal' : textAt(metrics, 'level')?.toLowerCase();
    const views = getPath(metrics, 'views');
    if (views?.kind === 'list' && level !== 'detailed')
      report(views.at, `views need metrics level detailed; it is ${level}`);
    const readers = getPath(metrics, 'readers');
    if (readers?.kind === 'list' && readers.items.length === 0 && level !== 'none')
      report(readers.at, 'an empty list of readers needs metrics level none');
  },
};

/** Rules on what the collector tells of itself. */
export const telemetryRules: readonly CollectorRule[] = [telemetryViews];
