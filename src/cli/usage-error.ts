import { MusterError } from '../model/index.ts';

/** A mistake in a command line: `USAGE`. The message says which option wants what. */
export function usageError(message: string): MusterError {
  return new MusterError('USAGE', message, { disposition: 'stalled' });
}
