import type { Clock, Logger, LogLines } from '../runtime/index.ts';
import type { ServerKey } from './server-key.ts';

/** What every form of the service is made with. */
export interface ServiceDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** What the logger writes, where it is to be sent on. */
  readonly lines?: LogLines;
  /** In [0, 1). */
  readonly random: () => number;
  readonly version: string;
  readonly serverKey: ServerKey;
}

/** A running service. */
export interface App {
  readonly opampUrl: string;
  readonly httpUrl: string;
  /** Rejects where the service cannot go on. */
  readonly failed: Promise<never>;
  /** Stops taking requests, closes agents' connections with jitter, flushes what is owed, and lets go of the data folder. */
  stop(): Promise<void>;
}
