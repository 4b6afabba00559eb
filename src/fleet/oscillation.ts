import type { ConfigHash } from '../model/index.ts';

export interface OscillationOptions {
  /** Changes of target between known hashes within the window that count as oscillation. */
  readonly maxFlips: number;
  readonly windowMs: number;
}

/** What is remembered of an agent's changes of target. */
export interface FlipHistory {
  readonly flips: readonly { readonly hash: ConfigHash; readonly at: number }[];
}

export const noFlips: FlipHistory = { flips: [] };

/**
 * Remembers that an agent's own labels moved it to another target. An agent that comes back to the same few hashes
 * again and again makes its labels depend on its config (OpAMP C-RC-11); it is frozen where it is.
 */
export function recordFlip(
  history: FlipHistory,
  hash: ConfigHash,
  now: number,
  options: OscillationOptions,
): { readonly history: FlipHistory; readonly oscillates: boolean } {
  const recent = history.flips.filter((flip) => now - flip.at < options.windowMs);
  const flips = [...recent, { hash, at: now }].slice(-(options.maxFlips + 1));
  const distinct = new Set(flips.map((flip) => flip.hash)).size;
  return { history: { flips }, oscillates: flips.length > options.maxFlips && distinct <= flips.length / 2 };
}
