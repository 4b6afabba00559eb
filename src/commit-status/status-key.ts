import { createHash } from 'node:crypto';

/** The key of a context on hosts that take no more than 40 characters: the same one for ever, readable in no part. */
export function statusKey(context: string): string {
  return createHash('sha1').update(context.toLowerCase()).digest('hex');
}
