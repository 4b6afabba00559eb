import type { Duplex } from 'node:stream';
import type { OpampServerOptions } from '../../opamp-server/index.ts';
import type { Clock, Logger } from '../../runtime/index.ts';
import { createLinkKeeper } from './keep-linked.ts';
import type { Relays, RelayTarget } from './ports.ts';

export interface OwnRelayDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1). */
  readonly random: () => number;
  /** Shared by all processes of one Muster. */
  readonly key: Uint8Array;
}

/** The sockets of this process as a relay. Rejects with `OPAMP_LISTEN_FAILED`. */
export async function startOwnRelay(options: OpampServerOptions, deps: OwnRelayDeps): Promise<Relays> {
  const { clock, logger, random, key } = deps;
  // Whoever takes only the threads of this folder need not load a server.
  const { createRelay } = await import('../../opamp-server/index.ts');
  let target: RelayTarget | undefined;
  const relay = createRelay(options, {
    ...{ clock, logger, random },
    openHttp: async () => {
      if (!target) throw new Error('no server is linked');
      return open(target, 'muster-downloads', key, new AbortController().signal);
    },
  });
  const keeper = createLinkKeeper<RelayTarget>({
    relay,
    open: (to, signal) => open(to, 'muster-relay', key, signal),
    isSame,
    ...{ clock, logger },
  });
  const { url } = await relay.listen();
  return {
    url,
    aim(next) {
      target = next;
      keeper.aim(next);
    },
    areLinked: relay.isAttached,
    connections: relay.connectionCount,
    drain: relay.drain,
    async close() {
      keeper.close();
      await relay.close();
    },
  };
}

async function open(
  target: RelayTarget,
  channel: 'muster-relay' | 'muster-downloads',
  key: Uint8Array,
  signal: AbortSignal,
): Promise<Duplex> {
  if (target.kind === 'peer') {
    const { dialPeer } = await import('../../peers/index.ts');
    return dialPeer(target.address, key, channel, signal);
  }
  const { createStreamPair } = await import('../../runtime/index.ts');
  const [here, there] = createStreamPair();
  if (channel === 'muster-relay') target.server.serveRelay(there);
  else target.server.serveHttp(there);
  return here;
}

function isSame(a: RelayTarget, b: RelayTarget): boolean {
  if (a.kind === 'own' || b.kind === 'own') return a.kind === b.kind && a === b;
  return a.address.host === b.address.host && a.address.port === b.address.port;
}
