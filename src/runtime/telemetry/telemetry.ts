import type { Clock } from '../clock.ts';
import type { Logger } from '../logger.ts';
import type { Measurement } from './measurement.ts';
import type { Tracer } from './span.ts';

/** The service's own telemetry on its way out. */
export interface Telemetry {
  readonly tracer: Tracer;
  /** Sends what is left, for at most so many milliseconds; never rejects. */
  close(limitMs: number): Promise<void>;
}

export interface TelemetryDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Everything that is measured, as it stands. */
  readonly measure: () => Promise<readonly Measurement[]>;
}

export interface TelemetryOptions {
  /** The process's own environment: the exporters read it too. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly version: string;
  readonly instance: string | undefined;
}
