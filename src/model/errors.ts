/**
 * What to do about an error, in the words of Flux: `transient` is retried with backoff, `waiting` resolves when
 * something outside changes at a known time, `stalled` needs a human, `defect` is a fault of ours.
 */
export type Disposition = 'transient' | 'waiting' | 'stalled' | 'defect';

export interface MusterErrorOptions {
  readonly disposition: Disposition;
  /** What the operator should do next; one sentence. */
  readonly hint?: string;
  /** Milliseconds after which a retry makes sense (from `Retry-After` and the like). */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/** An error of ours or of a remote: matched by `code` (see docs/errors.md), never by its message. */
export class MusterError extends Error {
  override readonly name = 'MusterError';
  readonly code: string;
  readonly disposition: Disposition;
  readonly hint: string | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: string, message: string, options: MusterErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.disposition = options.disposition;
    this.hint = options.hint;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Whether `error` is one of ours, optionally with this code. */
export function isMusterError(error: unknown, code?: string): error is MusterError {
  return error instanceof MusterError && (code === undefined || error.code === code);
}
