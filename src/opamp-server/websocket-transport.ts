import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { createConnection } from './connection.ts';
import type { ServerContext } from './context.ts';
import type { Delivery } from './delivery.ts';
import type { ResolvedOptions } from './options.ts';
import type { Session } from './ports.ts';
import { type ConnectionEvents, serveConnection } from './serve-connection.ts';
import { createFrameGathering, createSocketWire } from './wire.ts';

/** Turns admitted upgrade requests into connections and serves them. */
export interface WebSocketTransport {
  /** False where the handshake is faulty; it has been answered then. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, session: Session): boolean;
}

/** The WebSocket side of the endpoint (OpAMP, WebSocket Transport). `onGreeted` is called once per connection. */
export function createWebSocketTransport(
  context: ServerContext,
  delivery: Delivery,
  onGreeted: () => void,
): WebSocketTransport {
  const server = createUpgrader(context.options);
  const gathering = createFrameGathering();
  return {
    upgrade(request, socket, head, session) {
      let done = false;
      // The callback runs before handleUpgrade returns, or never.
      server.handleUpgrade(request, socket, head, (webSocket) => {
        done = true;
        const connection = createConnection(context, session, createSocketWire(webSocket, socket, gathering));
        bind(webSocket, serveConnection(context, delivery, connection, onGreeted));
      });
      return done;
    },
  };
}

/** What makes WebSockets of upgrade requests, with the limits of `options`. */
export function createUpgrader({
  maxMessageBytes,
  closeTimeoutMs,
}: Pick<ResolvedOptions, 'maxMessageBytes' | 'closeTimeoutMs'>): WebSocketServer {
  const options: ServerOptions & { closeTimeout: number } = {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    // One more for the header, which is no part of the message whose size is limited.
    maxPayload: maxMessageBytes + 1,
    closeTimeout: closeTimeoutMs,
    // OpAMP defines no subprotocol: whatever is asked for, none is selected.
    handleProtocols: () => false,
  };
  return new WebSocketServer(options);
}

/** Tells `events` of everything that comes over the socket. */
export function bind(webSocket: WebSocket, events: ConnectionEvents): void {
  webSocket.on('message', (data, binary) => events.message(data as Buffer, binary));
  webSocket.on('pong', (mark) => events.pong(mark.toString('latin1')));
  webSocket.on('error', (error: Error & { code?: string }) => events.failed(error.code));
  webSocket.on('close', () => events.closed());
}
