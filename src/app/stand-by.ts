import { join } from 'node:path';
import { createGitSource, createPoller } from '../git-source/index.ts';
import type { CommitSha } from '../model/index.ts';
import { type Clock, type Logger, type ServiceSettings, startTicks } from '../runtime/index.ts';
import { gitFault } from './git-fault.ts';

export interface StandbyDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1). */
  readonly random: () => number;
}

/** What a replica does beside its sockets until it leads: it keeps its clone up to date, so that taking over is quick. */
export interface Standby {
  /** The newest commit of its clone, and what is wrong with Git. */
  state(): { readonly revision: CommitSha | null };
  close(): Promise<void>;
}

const minute = 60_000;

/** Starts standing by. */
export function startStandby(settings: ServiceSettings, { clock, logger, random }: StandbyDeps): Standby {
  logger.info({}, 'another replica leads: standing by');
  const gitLogger = logger.child({ part: 'git' });
  const source = createGitSource(
    { ...settings.git, cacheDir: join(settings.dataDir, 'git') },
    { clock, logger: gitLogger },
  );
  const poller = createPoller(
    // Commits are fetched; no file of them is needed yet.
    { source, known: () => true, clock, random, logger: gitLogger, onRevision: () => {}, onState: () => {} },
    { everyMs: settings.pollMs, jitter: 0.2, backoff: { initialMs: 2_000, maxMs: 5 * minute } },
  );
  const ticks = startTicks(() => poller.tick(), logger);
  return {
    state() {
      const polled = poller.state();
      return { revision: polled.revision ?? null, ...gitFault(polled) };
    },
    async close() {
      await ticks.stop();
      await poller.close();
      await source.close();
    },
  };
}
