import { bool, choice, settings } from '../shape.ts';

/** Whether attributes of the resource become labels. */
export const resourceToTelemetry = settings({ enabled: bool, exclude_service_attributes: bool });

/** How names become Prometheus names. */
export const translationStrategy = choice(
  'UnderscoreEscapingWithSuffixes',
  'UnderscoreEscapingWithoutSuffixes',
  'NoUTF8EscapingWithSuffixes',
  'NoTranslation',
  '',
);
