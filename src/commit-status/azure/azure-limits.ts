import type { ReporterLimits } from '../status-reporter.ts';

/** Services delays who uses far more than others and says so; records are appended. */
export const azureLimits: ReporterLimits = {
  minIntervalMs: 500,
  writesPerHour: 1_500,
  recordsPerContext: 1_000,
  stalledRetryMs: 15 * 60_000,
};
