import type { Writable } from 'node:stream';
import type { Clock } from '../../runtime/index.ts';

/**
 * Writes every chunk, no faster than `target` takes them; rejects, and stops reading the source, where the target
 * closes or takes nothing for `stallMs`.
 */
export async function sendBytes(
  target: Writable,
  source: AsyncIterable<Uint8Array>,
  clock: Clock,
  stallMs: number,
): Promise<void> {
  for await (const chunk of source) {
    if (target.destroyed) throw new Error('the reader is gone');
    if (!target.write(chunk)) await untilDrained(target, clock, stallMs);
  }
}

function untilDrained(target: Writable, clock: Clock, stallMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error): void => {
      cancel();
      target.off('drain', settle);
      target.off('close', onClose);
      if (error) reject(error);
      else resolve();
    };
    const onClose = (): void => settle(new Error('the reader is gone'));
    const cancel = clock.after(stallMs, () => settle(new Error('the reader takes nothing')));
    target.once('drain', settle);
    target.once('close', onClose);
  });
}
