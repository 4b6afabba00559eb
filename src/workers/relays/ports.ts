import type { OpampServer } from '../../opamp-server/index.ts';
import type { PeerAddress } from '../../peers/index.ts';

/** The server that relays are linked to: this process's own, or another's. */
export type RelayTarget =
  | { readonly kind: 'own'; readonly server: OpampServer }
  | { readonly kind: 'peer'; readonly address: PeerAddress };

/** How long agents are given to go when a process ends. */
export const drainLimitMs = 8_000;

/** Where agents connect, apart from the server that decides. */
export interface Relays {
  readonly url: string;
  /** Links to this server from now on; to none without one. Connections stay through every change. */
  aim(target: RelayTarget | undefined): void;
  /** Whether agents that come here are served. */
  areLinked(): boolean;
  connections(): number;
  /** Closes everyone with 1001, jittered; resolves when all are gone, at once on abort. */
  drain(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}
