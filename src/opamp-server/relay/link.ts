import type { Duplex } from 'node:stream';
import type { Clock } from '../../runtime/index.ts';
import { createFrameReader, createFrameWriter, frameType, type OnFrame } from './frames.ts';

/** One end of what joins a relay to the server. */
export interface Link {
  send(type: number, id: number, ...parts: readonly Uint8Array[]): void;
  /** Bytes that were sent and have not left. */
  backlog(): number;
  /** Calls once, when a backlog is gone. */
  onceDrained(listener: () => void): void;
  /** Ends it at once; `onClosed` follows. */
  close(): void;
}

export interface LinkDeps {
  readonly clock: Clock;
  readonly onFrame: OnFrame;
  /** Called once, whichever end it was; `reason` is for the log. */
  readonly onClosed: (reason: string) => void;
}

export interface LinkOptions {
  /** Bytes of one frame. */
  readonly maxFrameBytes: number;
  /** Beats without a word from the other end after which it counts as gone. */
  readonly maxSilentBeats: number;
}

/** How often each end beats, in milliseconds. */
export const beatEveryMs = 2_000;
/** How long frames are taken in one turn of the event loop: one chunk holds hundreds of agents' messages. */
const turnMs = 5;
/** What may wait for a peer that reads slowly; past it, the peer counts as gone. */
const maxBacklogBytes = 256 * 1024 * 1024;

/** A link over a stream, which may be of any kind and keeps its bytes in order. Both ends beat, so that silence tells. */
export function createLink(
  stream: Duplex,
  { clock, onFrame, onClosed }: LinkDeps,
  { maxFrameBytes, maxSilentBeats }: LinkOptions,
): Link {
  const writer = createFrameWriter(stream, setImmediate);
  let silentBeats = 0;
  let closed = false;
  let turnEnds = 0;
  let cancel = clock.after(beatEveryMs, beatSoon);

  function end(reason: string): void {
    if (closed) return;
    closed = true;
    cancel();
    stream.destroy();
    onClosed(reason);
  }

  // After a stall of this process, what lies unread in the stream is taken before anything is concluded from silence.
  function beatSoon(): void {
    setImmediate(beat);
  }

  function beat(): void {
    if (closed) return;
    silentBeats += 1;
    if (silentBeats > maxSilentBeats) end('the other end is silent');
    else if (stream.writableLength > maxBacklogBytes) end('the other end does not read');
    if (closed) return;
    writer.write(frameType.beat, 0);
    cancel = clock.after(beatEveryMs, beatSoon);
  }

  const read = createFrameReader(
    (type, id, payload) => {
      if (!closed && type !== frameType.beat) onFrame(type, id, payload);
    },
    maxFrameBytes,
    () => clock.monotonic() < turnEnds,
  );

  function take(chunk?: Buffer): void {
    if (closed) return;
    silentBeats = 0;
    turnEnds = clock.monotonic() + turnMs;
    try {
      if (read(chunk)) {
        stream.pause();
        setImmediate(take);
      } else if (chunk === undefined) stream.resume();
    } catch (error) {
      end(`a frame could not be read: ${(error as Error).message}`);
    }
  }

  stream.on('data', take);
  stream.on('error', (error) => end(error.message));
  stream.on('close', () => end('closed'));
  return {
    send(type, id, ...parts) {
      if (!closed) writer.write(type, id, ...parts);
    },
    backlog: () => stream.writableLength,
    onceDrained: (listener) => void stream.once('drain', listener),
    close: () => end('closed here'),
  };
}
