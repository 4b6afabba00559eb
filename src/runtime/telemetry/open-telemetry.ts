import type { LogLines } from '../log-lines.ts';
import { readTelemetryWishes } from './read-environment.ts';
import { silentSpan } from './span.ts';
import type { Telemetry, TelemetryDeps, TelemetryOptions } from './telemetry.ts';

/** Exports spans and metrics by OTLP where the environment names an endpoint, and does nothing otherwise; never rejects. */
export async function openTelemetry(deps: TelemetryDeps, options: TelemetryOptions): Promise<Telemetry> {
  const wishes = readTelemetryWishes(options.environment);
  for (const fault of wishes.faults) deps.logger.warn({ fault }, 'telemetry cannot be sent as asked');
  if (!wishes.traces && !wishes.metrics) return { tracer: silentSpan, close: async () => {} };
  // Loaded only here: who does not want it does not wait for it.
  const { startExport } = await import('./start-export.ts');
  return startExport(deps, { ...options, ...wishes });
}

/**
 * Sends lines of the log by OTLP where the environment names an endpoint, and does nothing otherwise; never rejects. The
 * function that it resolves with sends what is left, for at most so many milliseconds.
 */
export async function openLogExport(
  deps: Pick<TelemetryDeps, 'clock' | 'logger'> & { readonly lines: LogLines },
  options: TelemetryOptions,
): Promise<(limitMs: number) => Promise<void>> {
  const wishes = readTelemetryWishes(options.environment);
  if (!wishes.logs) return async () => {};
  const { startLogExport } = await import('./start-export.ts');
  return startLogExport(deps, { ...options, ...wishes });
}
