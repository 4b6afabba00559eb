import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';

/** One WebSocket as the server drives it, wherever its socket is: of this process, or of a relay. */
export interface Wire {
  /** Whether messages may still be written: no close has begun on either side. */
  isOpen(): boolean;
  /** Writes one whole WebSocket frame: its head, then bytes that it shares with other frames. */
  write(head: Uint8Array, tails: readonly Uint8Array[]): void;
  /** Bytes that were written and have not left for the kernel. */
  backlog(): number;
  /** Calls once, when a backlog is gone. */
  onceDrained(listener: () => void): void;
  ping(mark: string): void;
  /** Stops reading; what was read already may still arrive. */
  pause(): void;
  resume(): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

/** A class, since closures would cost each connection most of a kilobyte. */
class SocketWire implements Wire {
  private readonly webSocket: WebSocket;
  private readonly socket: Duplex;

  constructor(webSocket: WebSocket, socket: Duplex) {
    this.webSocket = webSocket;
    this.socket = socket;
  }

  isOpen(): boolean {
    return this.webSocket.readyState === WebSocket.OPEN;
  }

  write(head: Uint8Array, tails: readonly Uint8Array[]): void {
    if (tails.length === 0) {
      this.socket.write(head);
      return;
    }
    this.socket.cork();
    this.socket.write(head);
    for (const tail of tails) this.socket.write(tail);
    this.socket.uncork();
  }

  backlog(): number {
    return this.socket.writableLength;
  }

  onceDrained(listener: () => void): void {
    this.socket.once('drain', listener);
  }

  ping(mark: string): void {
    this.webSocket.ping(mark);
  }

  pause(): void {
    this.webSocket.pause();
  }

  resume(): void {
    this.webSocket.resume();
  }

  close(code: number, reason: string): void {
    this.webSocket.close(code, reason);
  }

  terminate(): void {
    this.webSocket.terminate();
  }
}

/** The wire of a socket of this process. */
export function createSocketWire(webSocket: WebSocket, socket: Duplex): Wire {
  return new SocketWire(webSocket, socket);
}
