import { MusterError } from '../model/index.ts';

/** The failure of every call after `close`. */
export function storeClosed(): MusterError {
  return new MusterError('STORE_CLOSED', 'the store is closed', { disposition: 'defect' });
}
