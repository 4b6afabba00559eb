import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer } from 'node:tls';
import { MusterError } from '../model/index.ts';
import type { Logger } from '../runtime/index.ts';
import { handshakeLimitMs, type PeerChannel, peerChannels, peerTls } from './channel.ts';

export interface PeerListenOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Shared by all processes of one Muster. */
  readonly key: Uint8Array;
  /** How long a handshake may take; `handshakeLimitMs` unless given. */
  readonly handshakeMs?: number;
}

export interface PeerListenerDeps {
  readonly logger: Logger;
  /** Takes a stream, or destroys it. */
  readonly accept: (channel: PeerChannel, stream: Duplex) => void;
}

/** Where other processes of the same Muster come in. */
export interface PeerListener {
  readonly port: number;
  /** Stops listening and cuts every stream. */
  close(): Promise<void>;
}

/** Relays, and requests that are passed on. */
const maxStreams = 4_096;

/** Listens; rejects with `PEER_LISTEN_FAILED`. Whoever does not have the key gets no further than the handshake. */
export async function listenForPeers(
  { host, port, key, handshakeMs = handshakeLimitMs }: PeerListenOptions,
  { logger, accept }: PeerListenerDeps,
): Promise<PeerListener> {
  // Before the handshake too: who never speaks would keep the listener from closing.
  const open = new Set<Socket>();
  const server = createServer({
    ...peerTls,
    ALPNProtocols: [...peerChannels],
    handshakeTimeout: handshakeMs,
    pskCallback: () => Buffer.from(key),
  });
  server.maxConnections = maxStreams;
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.on('secureConnection', (socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    const channel = peerChannels.find((one) => one === socket.alpnProtocol);
    if (channel) accept(channel, socket);
    else socket.destroy();
  });
  server.on('tlsClientError', ({ message }, socket) => {
    const { remoteAddress } = socket;
    logger.warn({ remoteAddress, reason: message }, 'a peer was turned away: is its server key the same?');
    // One whose time is over stays open otherwise, and takes up room.
    socket.destroy();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(listenFailed(host, port, cause)));
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

function listenFailed(host: string, port: number, cause: Error): MusterError {
  const message = `other replicas cannot be listened for on ${host}:${port}: ${cause.message}`;
  return new MusterError('PEER_LISTEN_FAILED', message, {
    disposition: 'stalled',
    hint: 'Check the peer address, and that no other process listens there.',
    cause,
  });
}
