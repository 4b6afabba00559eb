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

/**
 * Holds small frames back until the event loop has taken what came for others too, then writes them one right after the
 * other: a write that finds its reader asleep costs several times as much as one that comes while it is still awake, and
 * several frames for one socket become one write.
 */
export interface FrameGathering {
  /** What is written to the socket from now on goes out with what others are told, in order. */
  hold(socket: Duplex): void;
}

/** Frames up to this size are held back, and copied in one piece: dearer are those that many agents share. */
const smallBytes = 1_024;
/** So many sockets wait at most. */
const mostHeld = 128;

/** A gathering for the sockets of this process. */
export function createFrameGathering(): FrameGathering {
  const held = new Set<Duplex>();
  const release = () => {
    for (const socket of held) socket.uncork();
    held.clear();
  };
  return {
    hold(socket) {
      if (held.has(socket)) return;
      if (held.size === 0) setImmediate(release);
      if (held.size === mostHeld) release();
      socket.cork();
      held.add(socket);
    },
  };
}

/** A class, since closures would cost each connection most of a kilobyte. */
class SocketWire implements Wire {
  private readonly webSocket: WebSocket;
  private readonly socket: Duplex;
  private readonly gathering: FrameGathering;

  constructor(webSocket: WebSocket, socket: Duplex, gathering: FrameGathering) {
    this.webSocket = webSocket;
    this.socket = socket;
    this.gathering = gathering;
  }

  isOpen(): boolean {
    return this.webSocket.readyState === WebSocket.OPEN;
  }

  write(head: Uint8Array, tails: readonly Uint8Array[]): void {
    let length = head.length;
    for (const tail of tails) length += tail.length;
    if (length <= smallBytes) {
      this.gathering.hold(this.socket);
      this.socket.write(tails.length === 0 ? head : Buffer.concat([head, ...tails], length));
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
    this.socket.uncork();
    this.webSocket.terminate();
  }
}

/** The wire of a socket of this process. */
export function createSocketWire(webSocket: WebSocket, socket: Duplex, gathering: FrameGathering): Wire {
  return new SocketWire(webSocket, socket, gathering);
}
