import type { Writable } from 'node:stream';

/**
 * What crosses a link between a relay and the server: a type, the connection or request that it is about, and bytes.
 * Numbers are never reused; a change that an older peer would misread raises `linkProtocol`.
 */
export const frameType = {
  /** Either side: it lives. */
  beat: 0,
  /** The relay, first: who it is (JSON). */
  hello: 1,
  /** The server, first: what it is (JSON). */
  welcome: 2,
  /** The server turns the relay away (JSON); it closes. */
  refused: 3,
  /** A caller wants in (JSON). */
  ask: 4,
  /** What the server says to it (JSON). */
  verdict: 5,
  /** An admitted caller's upgrade is done: it is a connection from now on. */
  opened: 6,
  /** A connection that the relay has held since before this link (JSON). */
  resume: 7,
  /** One binary message of a connection, and one text message. */
  message: 8,
  text: 9,
  pong: 10,
  /** The code of an error that ends the connection. */
  failed: 11,
  /** A connection is gone, or an admitted caller has not come. */
  closed: 12,
  /** Bytes that wait in the connection's socket (JSON). */
  backlog: 13,
  /** The body of an admitted poll. */
  poll: 14,
  /** Its answer: the HTTP status in two bytes, then the message. */
  answer: 15,
  /** Its answer where it is turned away (JSON). */
  turnedAway: 16,
  /** A whole WebSocket frame to write. */
  write: 17,
  /** The same in parts, some of which were shared before. */
  compose: 18,
  /** Bytes that many frames have in common, under a number. */
  share: 19,
  forget: 20,
  ping: 21,
  pause: 22,
  read: 23,
  /** Close a connection with a code in two bytes and a reason. */
  close: 24,
  terminate: 25,
} as const;

/** Both ends must speak the same. */
export const linkProtocol = 1;

/** What a frame may have beyond the longest message: the heads of all agents of one connection, and its caller. */
export const frameRoom = 1024 * 1024;

/** Called with each frame; `payload` lies in the bytes that were received. */
export type OnFrame = (type: number, id: number, payload: Buffer) => void;

const headBytes = 9;
const slabBytes = 64 * 1024;
/** Longer payloads are not copied. */
const copiedBytes = 8 * 1024;

/** Writes frames, as many at once as come in one turn of the event loop. */
export interface FrameWriter {
  write(type: number, id: number, ...parts: readonly Uint8Array[]): void;
}

/** A writer on a stream; `defer` runs its argument after the current turn. */
export function createFrameWriter(stream: Writable, defer: (flush: () => void) => void): FrameWriter {
  let slab = Buffer.allocUnsafe(slabBytes);
  let begun = 0;
  let end = 0;
  let deferred = false;

  function flush(): void {
    if (end === begun) return;
    stream.write(slab.subarray(begun, end));
    begun = end;
  }

  function room(bytes: number): void {
    if (slabBytes - end >= bytes) return;
    flush();
    slab = Buffer.allocUnsafe(slabBytes);
    begun = 0;
    end = 0;
  }

  function append(part: Uint8Array): void {
    if (part.length > copiedBytes) {
      flush();
      stream.write(part);
      return;
    }
    room(part.length);
    slab.set(part, end);
    end += part.length;
  }

  return {
    write(type, id, ...parts) {
      let length = headBytes - 4;
      for (const part of parts) length += part.length;
      room(headBytes);
      slab.writeUInt32LE(length, end);
      slab[end + 4] = type;
      slab.writeUInt32LE(id, end + 5);
      end += headBytes;
      for (const part of parts) append(part);
      if (deferred) return;
      deferred = true;
      defer(() => {
        deferred = false;
        flush();
      });
    },
  };
}

/**
 * Takes bytes as they come and calls `onFrame` with each whole frame; throws where one is longer than `maxBytes`. Each call
 * takes a frame, where there is one, then as many as `goesOn` lets it, and returns whether it left any to a call without bytes.
 */
export function createFrameReader(
  onFrame: OnFrame,
  maxBytes: number,
  goesOn: () => boolean = () => true,
): (chunk?: Buffer) => boolean {
  let chunks: Buffer[] = [];
  let have = 0;
  let need = headBytes;

  return (chunk) => {
    if (chunk) {
      chunks.push(chunk);
      have += chunk.length;
    }
    if (have < need) return false;
    const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, have);
    let at = 0;
    let stopped = false;
    need = headBytes;
    while (!stopped && bytes.length - at >= headBytes) {
      const length = bytes.readUInt32LE(at);
      if (length < headBytes - 4 || length > maxBytes) throw new RangeError(`a frame of ${length} bytes`);
      if (bytes.length - at < 4 + length) {
        need = 4 + length;
        break;
      }
      onFrame(bytes[at + 4]!, bytes.readUInt32LE(at + 5), bytes.subarray(at + headBytes, at + 4 + length));
      at += 4 + length;
      stopped = !goesOn();
    }
    chunks = at === bytes.length ? [] : [bytes.subarray(at)];
    have = bytes.length - at;
    return stopped && have >= headBytes;
  };
}

/** Plain data as a payload. */
export function toJson(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

/** A payload that `toJson` made. */
export function fromJson<T>(payload: Buffer): T {
  return JSON.parse(payload.toString('utf8')) as T;
}
