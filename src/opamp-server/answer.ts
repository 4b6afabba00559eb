/** An encoded ServerToAgent: its own bytes, and the offers that it shares with every agent that gets the same. */
export interface Outbound {
  readonly head: Uint8Array;
  readonly tails?: readonly Uint8Array[];
}

/** The answer to an agent; `ack` is the plain acknowledgement, of which a route keeps the bytes. */
export type Answer = 'ack' | Outbound;
