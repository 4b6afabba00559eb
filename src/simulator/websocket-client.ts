import { createHash } from 'node:crypto';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import type { Clock } from '../runtime/index.ts';
import { parseRetryAfter } from './retry-after.ts';
import { createFrameReader, encodeFrame, opcode, type ReceivedFrame } from './websocket-frames.ts';

/** Why a connection is over: a status of the handshake, a close code, or an error's text. */
export interface Closed {
  readonly reason: string;
  /** Milliseconds that the server asked to stay away; 0 where it did not. */
  readonly retryAfterMs: number;
}

/** What happens on a connection; `onClose` comes exactly once, and last. */
export interface WebSocketEvents {
  onOpen(): void;
  onMessage(payload: Uint8Array): void;
  onClose(closed: Closed): void;
}

export interface WebSocketClient {
  /** Sends one binary message; does nothing before the connection is open and after it is closed. */
  send(payload: Uint8Array): void;
  /** Closes with 1000. */
  close(): void;
  /** Ends without a word, for this reason. */
  abort(reason: string): void;
}

/** Where a connection goes, and from which address. */
export interface WebSocketTarget {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly localAddress?: string;
}

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const longestMessage = 64 << 20;
const handshakeTimeoutMs = 30_000;

/**
 * A WebSocket client as small as thousands of agents in one process need (RFC 6455, no extensions). It shares no code
 * with the server that it is used against.
 */
export function openWebSocket(
  target: WebSocketTarget,
  deps: { readonly clock: Clock; readonly random: () => number },
  events: WebSocketEvents,
): WebSocketClient {
  const nonce = () => Math.floor(deps.random() * 0x1_0000_0000);
  let socket: Socket | undefined;
  let isOver = false;
  function end(reason: string, retryAfterMs = 0): void {
    if (isOver) return;
    isOver = true;
    socket?.destroy();
    events.onClose({ reason, retryAfterMs });
  }
  function abort(reason: string): void {
    handshake?.cancel();
    end(reason);
  }
  function sendFrame(code: number, payload: Uint8Array): void {
    if (socket?.writable) socket.write(encodeFrame(code, payload, nonce()));
  }
  function onFrame({ opcode: code, payload }: ReceivedFrame): void {
    if (code === opcode.binary) events.onMessage(payload);
    else if (code === opcode.ping) sendFrame(opcode.pong, payload);
    else if (code === opcode.close) {
      sendFrame(opcode.close, payload.subarray(0, 2));
      socket?.end();
      end(`closed by the server with ${payload.length >= 2 ? payload.readUInt16BE(0) : 1005}`);
    }
  }
  function adopt(opened: Socket, head: Buffer): void {
    socket = opened;
    // The request's memory is more than that of the connection that came of it.
    handshake = undefined;
    const read = createFrameReader(longestMessage);
    const onData = (chunk: Buffer) => {
      try {
        for (const frame of read(chunk)) if (!isOver) onFrame(frame);
      } catch (error) {
        end(String(error));
      }
    };
    opened.setNoDelay(true).setTimeout(0);
    opened.on('data', onData).on('error', (error) => end(error.message));
    opened.on('close', () => end('connection lost'));
    events.onOpen();
    if (head.length > 0) onData(head);
  }
  let handshake: Handshake | undefined = startHandshake(target, nonce, {
    onUpgrade: adopt,
    onRefused(status, retryAfter) {
      end(`refused with ${status}`, parseRetryAfter(retryAfter, deps.clock.now()));
    },
    onError: end,
  });
  return {
    send: (payload) => sendFrame(opcode.binary, payload),
    close() {
      if (isOver) return;
      sendFrame(opcode.close, Buffer.from([0x03, 0xe8]));
      socket?.end();
      abort('closed');
    },
    abort,
  };
}

interface Handshake {
  cancel(): void;
}

interface HandshakeEvents {
  onUpgrade(socket: Socket, head: Buffer): void;
  onRefused(status: number, retryAfter: string | undefined): void;
  onError(reason: string): void;
}

function startHandshake(
  { url, headers, localAddress }: WebSocketTarget,
  nonce: () => number,
  events: HandshakeEvents,
): Handshake {
  const keyBytes = Buffer.alloc(16);
  for (let offset = 0; offset < 16; offset += 4) keyBytes.writeUInt32BE(nonce(), offset);
  const key = keyBytes.toString('base64');
  const expected = createHash('sha1')
    .update(key + guid)
    .digest('base64');
  const isSecure = url.protocol === 'wss:';
  const address = new URL(url);
  address.protocol = isSecure ? 'https:' : 'http:';
  const upgrade = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': key,
  };
  const request = (isSecure ? httpsRequest : httpRequest)(address, {
    headers: { ...headers, ...upgrade },
    agent: false,
    ...(localAddress !== undefined && { localAddress }),
    timeout: handshakeTimeoutMs,
  });
  request.on('upgrade', (response: IncomingMessage, socket: Socket, head: Buffer) => {
    if (response.headers['sec-websocket-accept'] === expected) return events.onUpgrade(socket, head);
    socket.destroy();
    events.onError('the server accepted another key');
  });
  request.on('response', (response) => {
    response.destroy();
    events.onRefused(response.statusCode ?? 0, response.headers['retry-after']);
  });
  request.on('timeout', () => request.destroy(new Error('handshake timed out')));
  request.on('error', (error) => events.onError(error.message));
  request.end();
  return { cancel: () => void request.destroy() };
}
