import { createHash } from 'node:crypto';

/** Orders lie in [0, orderSpace). */
export const orderSpace = 2 ** 48;

/**
 * An agent's place in every rollout of a unit: the first 48 bits of SHA-256 over rollout name, config name and uid.
 * Stable, and the same on every replica (fleet-repo.md, "Order").
 */
export function orderOf(rolloutName: string, configName: string, uid: string): number {
  // Names hold no newline, so that no two triples make the same text.
  const digest = createHash('sha256').update(`${rolloutName}\n${configName}\n${uid}`).digest();
  return digest.readUIntBE(0, 6);
}
