import type { CommitStatus } from '../model/index.ts';

/** What a destination bears; the outbox keeps within it. */
export interface ReporterLimits {
  /** Least milliseconds between two writes. */
  readonly minIntervalMs: number;
  /** Most writes in any hour; the last fifth is kept for verdicts. */
  readonly writesPerHour: number;
  /** Records that the destination keeps per commit and context; near the end only verdicts are sent. */
  readonly recordsPerContext: number;
  /** Milliseconds after which a stalled destination is tried again, in case somebody has mended it. */
  readonly stalledRetryMs: number;
}

/**
 * Posts commit statuses to one Git host. Reporting what stands there already writes nothing, also after a restart
 * or an unanswered write: what stands is read first. Errors are `MusterError` with a code of `hostErrorCodes`.
 */
export interface StatusReporter {
  /** Short and stable: it names the destination in the outbox, logs and errors. */
  readonly name: string;
  readonly limits: ReporterLimits;
  report(status: CommitStatus, signal: AbortSignal): Promise<void>;
}
