/** What a transport needs of the agent that it carries. */
export interface TransportClient {
  uid(): string;
  /** Bytes of the next message. */
  compose(): Uint8Array;
  hasNews(): boolean;
  /** A message from the server, without framing; never throws. */
  receive(data: Uint8Array): void;
  /** Open, or answered for the first time; `ms` after the attempt began. */
  connected(ms: number): void;
  /** Refused or lost; another attempt follows. */
  disconnected(reason: string): void;
}

/** Carries one agent's messages, reconnecting by itself until it is closed. */
export interface Transport {
  /** The agent has something to say: sent at once where the protocol allows. */
  notify(): void;
  /** Stops saying anything, heartbeats and polls included; a WebSocket stays open. */
  fallSilent(): void;
  /** Loses the connection, as when the network breaks: without a word, and it comes back by itself. */
  drop(): void;
  /** Sends `goodbye` where it is connected, closes, and forgets every timer. */
  close(goodbye: Uint8Array | undefined): void;
}

/** Where and how often to call; times in milliseconds. */
export interface TransportOptions {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** The address that it calls from; the system's choice without it. */
  readonly localAddress?: string;
  /** HTTP: between polls. WebSocket: silence after which a heartbeat is sent. */
  readonly intervalMs: number;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
}
