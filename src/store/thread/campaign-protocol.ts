import type { CampaignOptions } from '../postgres/campaign.ts';
import type { SentError } from './protocol.ts';

/** What the lease's thread is told. */
export type CampaignRequest =
  | {
      readonly kind: 'campaign';
      readonly options: CampaignOptions;
      readonly shared: SharedArrayBuffer;
      /** By how much the machine's monotonic clock is ahead of the asking thread's, in milliseconds. */
      readonly aheadMs: number;
      /** Silence of the asking thread after which it counts as hanging, in milliseconds. */
      readonly hangMs: number;
    }
  /** The leadership is given back, or no longer asked for. */
  | { readonly kind: 'end' };

/** What the lease's thread tells. */
export type CampaignNews =
  | { readonly kind: 'standby' }
  | { readonly kind: 'leader'; readonly address: string | undefined }
  | { readonly kind: 'leads'; readonly term: number }
  | { readonly kind: 'lost' }
  | { readonly kind: 'failed'; readonly error: SentError }
  | { readonly kind: 'log'; readonly level: LogLevel; readonly fields: object; readonly message: string };

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Times that both threads see, on the asking thread's monotonic clock; memory, since messages wait for a busy thread. */
export interface SharedTimes {
  /** Until when the process leads; 0 where it does not. */
  validUntil(): number;
  setValidUntil(ms: number): void;
  /** When the asking thread last showed that it runs. */
  aliveAt(): number;
  setAliveAt(ms: number): void;
}

/** The bytes of `sharedTimes`. */
export const sharedBytes = 2 * BigInt64Array.BYTES_PER_ELEMENT;

/** Reads and writes the times in `buffer`, in whole microseconds. */
export function sharedTimes(buffer: SharedArrayBuffer): SharedTimes {
  const cells = new BigInt64Array(buffer);
  const read = (index: number) => Number(Atomics.load(cells, index)) / 1_000;
  const write = (index: number, ms: number) =>
    void Atomics.store(cells, index, BigInt(Math.floor(ms * 1_000)));
  return {
    validUntil: () => read(0),
    setValidUntil: (ms) => write(0, ms),
    aliveAt: () => read(1),
    setAliveAt: (ms) => write(1, ms),
  };
}

/** The machine's monotonic clock, which all threads share, in milliseconds. */
export function machineMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}
