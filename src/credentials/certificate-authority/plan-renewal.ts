import { createHash } from 'node:crypto';
import type { Validity } from './sign-certificate.ts';

/** When a certificate ends, and how long before that it is wanted new; milliseconds. */
export interface RenewalPlan extends Validity {
  readonly renewBeforeMs: number;
  readonly uid: string;
}

const share = 0.1;

/**
 * When to offer a new certificate, in milliseconds since the epoch: about `renewBeforeMs` before the end, within a
 * tenth of the lifetime that the uid's hash spreads evenly, and never in the first or the last tenth.
 */
export function planRenewal({ notBefore, notAfter, renewBeforeMs, uid }: RenewalPlan): number {
  const tenth = (notAfter - notBefore) * share;
  const latest = notAfter - 2 * tenth;
  const start = Math.max(notBefore + tenth, Math.min(notAfter - renewBeforeMs, latest));
  return start + tenth * fractionOf(uid);
}

/** In [0, 1), the same on every replica and after every restart. */
function fractionOf(uid: string): number {
  return createHash('sha256').update(uid).digest().readUInt32BE() / 2 ** 32;
}
