import { createHmac } from 'node:crypto';
import { canonicalText } from '../../manifests/index.ts';
import type { ScalarNode } from '../../model/index.ts';

/** The key under which hashes over a tenant's secrets are made: 32 bytes that follow from its age identity. */
export function deriveHashKey(identity: string): Uint8Array {
  return createHmac('sha256', identity).update('muster hashes over secrets v1').digest();
}

/** An HMAC of each value with its name: equal where the value is, and of no use for guessing it. */
export function digestSecrets(
  values: ReadonlyMap<string, ScalarNode>,
  hashKey: Uint8Array,
): ReadonlyMap<string, string> {
  return new Map(
    [...values].map(([name, value]) => {
      const text = JSON.stringify(['secret-v1', name, value.type, canonicalText(value)]);
      return [name, createHmac('sha256', hashKey).update(text).digest('hex')];
    }),
  );
}
