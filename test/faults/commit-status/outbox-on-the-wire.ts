import { createOutbox, type Outbox } from '../../../src/commit-status/index.ts';
import type { Logger } from '../../../src/runtime/index.ts';
import { type HostUnderTest, reporterFor } from '../../conformance/commit-status/hosts.ts';
import { createKeptLog } from '../../support/git-host-log.ts';
import { createMemoryOutboxStore, type MemoryOutboxStore } from '../../support/git-host-outbox-store.ts';
import type { GitHostStandIn } from '../../support/git-host-stand-in.ts';
import { createTimeTravel, type TimeTravel } from '../../support/git-host-time.ts';

/** An outbox that posts to a stand-in over real sockets, with time moved by hand. */
export interface WiredOutbox {
  readonly host: GitHostStandIn;
  readonly time: TimeTravel;
  readonly store: MemoryOutboxStore;
  readonly log: readonly string[];
  outbox: Outbox;
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export async function startWired(under: HostUnderTest, token = under.token): Promise<WiredOutbox> {
  const { logger, lines } = createKeptLog();
  const wired: WiredOutbox = {
    host: await under.start(),
    time: createTimeTravel(),
    store: createMemoryOutboxStore(),
    log: lines,
    outbox: undefined as unknown as Outbox,
    async restart() {
      await wired.outbox?.close();
      wired.outbox = create(under, wired, logger, token);
      await wired.outbox.start();
      await wired.time.quiet();
    },
    async stop() {
      await wired.outbox.close();
      await wired.host.server.close();
    },
  };
  await wired.restart();
  return wired;
}

function create(under: HostUnderTest, wired: WiredOutbox, logger: Logger, token: string): Outbox {
  const { clock, fetch } = wired.time;
  const reporter = reporterFor(under.type, wired.host, { clock, fetch, readToken: () => token });
  return createOutbox({
    store: wired.store,
    reporters: [reporter],
    clock,
    random: () => 0,
    breathe: async () => {},
    logger,
  });
}
