import { join } from 'node:path';
import { createGitSource, createPoller } from '../git-source/index.ts';
import { createStandbyApp, serveHttp } from '../http-api/index.ts';
import { type Clock, type Logger, type ServiceSettings, startTicks } from '../runtime/index.ts';
import { gitFault } from './git-fault.ts';
import { readTls } from './read-tls.ts';

export interface StandbyDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1). */
  readonly random: () => number;
}

/** What a replica does until it leads: it answers probes, and keeps its clone up to date so that taking over is quick. */
export interface Standby {
  close(): Promise<void>;
}

const minute = 60_000;

/** Starts standing by; what cannot be started is logged, since it must not keep the replica from taking over. */
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
  const probed = createStandbyApp(() => {
    const state = poller.state();
    return { revision: state.revision ?? null, ...gitFault(state) };
  });
  const listening = listen(settings, probed, logger);
  return {
    async close() {
      await ticks.stop();
      await poller.close();
      await source.close();
      await (await listening)?.close();
    },
  };
}

async function listen(
  { http: { host, port, tls } }: ServiceSettings,
  app: ReturnType<typeof createStandbyApp>,
  logger: Logger,
) {
  try {
    return await serveHttp(app, { host, port, ...(await readTls(tls)) });
  } catch (error) {
    logger.error({ reason: (error as Error).message }, 'no probes are answered while standing by');
    return undefined;
  }
}
