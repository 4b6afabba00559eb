/** What a stream between two processes of one Muster is for: told by ALPN, so that one port serves all. */
export const peerChannels = ['muster-relay', 'muster-downloads', 'muster-api'] as const;

export type PeerChannel = (typeof peerChannels)[number];

/**
 * Both ends prove that they have the server's key, and nobody else reads along (RFC 5489: the exchange is ephemeral, so
 * that a key that leaks later opens nothing that was recorded). There are no certificates to hand out.
 */
export const peerTls = {
  ciphers: 'ECDHE-PSK-CHACHA20-POLY1305',
  minVersion: 'TLSv1.2',
  maxVersion: 'TLSv1.2',
} as const;

/** A process that takes up thousands of agents needs seconds for each of the turns that a handshake takes. */
export const handshakeLimitMs = 15_000;

export const peerIdentity = 'muster';
