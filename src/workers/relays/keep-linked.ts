import type { Duplex } from 'node:stream';
import type { Relay } from '../../opamp-server/index.ts';
import type { Clock, Logger } from '../../runtime/index.ts';

/** What a relay is linked to, in whatever way. */
export interface LinkKeeper<Target> {
  /** Links to this from now on; to nothing without one. */
  aim(target: Target | undefined): void;
  close(): void;
}

export interface LinkKeeperDeps<Target> {
  readonly relay: Pick<Relay, 'attach'>;
  readonly open: (target: Target, signal: AbortSignal) => Promise<Duplex>;
  readonly isSame: (a: Target, b: Target) => boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

const retryMs = 250;
/** Failures in a row that are worth a word: taking over takes some seconds. */
const toldAfter = 40;

/** Keeps a relay linked to what it is aimed at: a link that cannot be made, or breaks, is made again. */
export function createLinkKeeper<Target>(deps: LinkKeeperDeps<Target>): LinkKeeper<Target> {
  const { relay, open, clock, logger } = deps;
  let current: { readonly target: Target; readonly ending: AbortController } | undefined;

  async function link(target: Target, { signal }: AbortController): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        const stream = await open(target, signal);
        failures = 0;
        const cut = () => stream.destroy();
        signal.addEventListener('abort', cut, { once: true });
        if (signal.aborted) cut();
        await relay.attach(stream);
        signal.removeEventListener('abort', cut);
      } catch (error) {
        failures += 1;
        if (!signal.aborted && failures % toldAfter === 0)
          logger.warn(
            { reason: (error as Error).message },
            'the server that leads cannot be reached: check its peer address, the network between, and that the server key is the same',
          );
      }
      if (!signal.aborted) await new Promise<void>((resolve) => void clock.after(retryMs, resolve));
    }
  }

  return {
    aim(target) {
      if (target !== undefined && current && deps.isSame(current.target, target)) return;
      current?.ending.abort();
      current = target === undefined ? undefined : { target, ending: new AbortController() };
      if (current) void link(current.target, current.ending);
    },
    close() {
      current?.ending.abort();
      current = undefined;
    },
  };
}
