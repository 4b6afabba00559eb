import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';
import { handshakeLimitMs, type PeerChannel, peerIdentity, peerTls } from './channel.ts';

/** Where a peer listens. */
export interface PeerAddress {
  readonly host: string;
  readonly port: number;
}

/** Opens a stream to a peer; rejects where nobody listens there who has the key, or `signal` aborts. */
export function dialPeer(
  { host, port }: PeerAddress,
  key: Uint8Array,
  channel: PeerChannel,
  signal: AbortSignal,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({
      ...{ host, port },
      ...peerTls,
      ALPNProtocols: [channel],
      // The key proves who the peer is: it has no certificate.
      checkServerIdentity: () => undefined,
      pskCallback: () => ({ psk: Buffer.from(key), identity: peerIdentity }),
    });
    const fail = (error: Error): void => {
      signal.removeEventListener('abort', abort);
      socket.destroy();
      reject(error);
    };
    const abort = (): void => fail(new Error('aborted'));
    signal.addEventListener('abort', abort, { once: true });
    socket.setTimeout(handshakeLimitMs, () => fail(new Error('the peer does not answer')));
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('the peer hung up')));
    socket.once('secureConnect', () => {
      signal.removeEventListener('abort', abort);
      socket.setTimeout(0);
      socket.setNoDelay(true);
      socket.off('error', fail);
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
  });
}

/** `host:port`, with an IPv6 host in brackets; undefined where it is neither. */
export function parsePeerAddress(text: string): PeerAddress | undefined {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain;
  return host === undefined ? undefined : { host, port: Number(port) };
}
