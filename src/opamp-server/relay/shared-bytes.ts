import { frameType } from './frames.ts';
import type { Link } from './link.ts';

/** Shorter tails are sent along: naming them would save nothing. */
const leastShared = 512;
const maxShared = 512;
const maxSharedBytes = 64 * 1024 * 1024;

/** Says that what follows is the number of shared bytes, not a length. */
const sharedFlag = 0x8000_0000;

/** Sends frames whose tails most agents have in common: each distinct tail crosses the link once. */
export interface TailSender {
  send(id: number, head: Uint8Array, tails: readonly Uint8Array[]): void;
}

/** A sender that remembers what the other end has, up to a limit; of more, the oldest goes. */
export function createTailSender(link: Link): TailSender {
  const known = new Map<Uint8Array, number>();
  let bytes = 0;
  let last = 0;

  function forgetOldest(): void {
    const [tail, number] = known.entries().next().value as [Uint8Array, number];
    known.delete(tail);
    bytes -= tail.length;
    link.send(frameType.forget, number);
  }

  function numberOf(tail: Uint8Array): number {
    const before = known.get(tail);
    if (before !== undefined) return before;
    const number = (last += 1) % sharedFlag;
    link.send(frameType.share, number, tail);
    known.set(tail, number);
    bytes += tail.length;
    return number;
  }

  return {
    send(id, head, tails) {
      if (tails.length === 0) return link.send(frameType.write, id, head);
      const parts: Uint8Array[] = [mark(head.length), head];
      for (const tail of tails) {
        if (tail.length < leastShared) parts.push(mark(tail.length), tail);
        else parts.push(mark(numberOf(tail) + sharedFlag));
      }
      link.send(frameType.compose, id, ...parts);
      // Only now: the frame may name the oldest itself.
      while (known.size > maxShared || bytes > maxSharedBytes) forgetOldest();
    },
  };
}

function mark(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

/** The other end: keeps what is shared, and puts frames together again. */
export interface TailReceiver {
  share(number: number, payload: Buffer): void;
  forget(number: number): void;
  /** The parts of a composed frame, in order; undefined where one is not here. */
  compose(payload: Buffer): readonly Uint8Array[] | undefined;
}

/** A receiver with nothing shared yet. */
export function createTailReceiver(): TailReceiver {
  const shared = new Map<number, Uint8Array>();
  return {
    // A copy, since the payload lies among other frames' bytes.
    share: (number, payload) => void shared.set(number, Buffer.from(payload)),
    forget: (number) => void shared.delete(number),
    compose(payload) {
      const parts: Uint8Array[] = [];
      for (let at = 0; at + 4 <= payload.length; ) {
        const value = payload.readUInt32LE(at);
        at += 4;
        if (value >= sharedFlag) {
          const tail = shared.get(value - sharedFlag);
          if (!tail) return undefined;
          parts.push(tail);
        } else {
          parts.push(payload.subarray(at, at + value));
          at += value;
        }
      }
      return parts;
    },
  };
}
