import { randomUUID } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import type { Duplex } from 'node:stream';
import { createStandbyApp, type HttpServer } from '../http-api/index.ts';
import { isMusterError } from '../model/index.ts';
import {
  dialPeer,
  listenForPeers,
  type PeerAddress,
  type PeerChannel,
  parsePeerAddress,
} from '../peers/index.ts';
import type { ServiceSettings } from '../runtime/index.ts';
import { openPostgresStore } from '../store/index.ts';
import { drainLimitMs, type Relays, startOwnRelay, startWorkerRelays } from '../workers/index.ts';
import { type Core, startCore } from './core.ts';
import { listenHttp, opampListenOptions } from './listeners.ts';
import type { App, ServiceDeps } from './service.ts';
import { type Standby, startStandby } from './stand-by.ts';

/** Others are given the time to lead instead. */
const retryMs = 2_000;

/** What changes while a replica runs. */
interface ReplicaState {
  core: Core | undefined;
  standby: Standby | undefined;
  /** The other process that leads. */
  leader: PeerAddress | undefined;
}

/**
 * The service as one of several processes on one PostgreSQL. All of them hold agents' sockets and answer people; the one
 * that leads decides for all of them, and the others are linked to it. Connections outlive a change of the leader.
 */
export async function startReplica(settings: ServiceSettings, deps: ServiceDeps): Promise<App> {
  const { logger, serverKey } = deps;
  const key = serverKey.derive('peers');
  const state: ReplicaState = { core: undefined, standby: undefined, leader: undefined };
  const opened: (() => Promise<unknown>)[] = [];
  let adopting: HttpServer | undefined;
  try {
    const peers = await listenForPeers(
      { ...settings.peer, key },
      {
        logger: logger.child({ part: 'peers' }),
        accept: (channel, stream) => acceptPeer(state, adopting, channel, stream),
      },
    );
    opened.push(peers.close);
    const relays = await startRelays(settings, deps, peers.port);
    opened.push(relays.close);
    const standbyApp = createStandbyApp({
      readiness: () => readiness(state, relays),
      connections: relays.connections,
      openToLeader: (signal) => {
        if (!state.leader) return Promise.reject(new Error('nobody leads'));
        return dialPeer(state.leader, key, 'muster-api', signal);
      },
    });
    const http: HttpServer = await listenHttp(settings, () => state.core?.api ?? standbyApp);
    adopting = http;
    opened.push(http.close);
    logger.info({ opamp: relays.url, http: http.url, repo: settings.git.repo }, 'listening');
    const ending = new AbortController();
    const advertised = advertise(settings, peers.port);
    const turns = takeTurns(settings, deps, { state, relays, http, advertised }, ending.signal);
    return {
      opampUrl: relays.url,
      httpUrl: http.url,
      failed: turns.then(() => new Promise<never>(() => {})),
      async stop() {
        await relays.drain(AbortSignal.timeout(drainLimitMs));
        ending.abort();
        await turns.catch(() => undefined);
        for (const close of opened.reverse()) await close();
        logger.info({}, 'stopped');
      },
    };
  } catch (error) {
    for (const close of opened.reverse()) await close().catch(() => {});
    throw error;
  }
}

interface Surroundings {
  readonly state: ReplicaState;
  readonly relays: Relays;
  readonly http: HttpServer;
  readonly advertised: string;
}

/** Stands by and leads in turns until `signal`. Rejects where it can do neither. */
async function takeTurns(
  settings: ServiceSettings,
  deps: ServiceDeps,
  around: Surroundings,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      await takeTurn(settings, deps, around, signal);
    } catch (error) {
      if (signal.aborted) return;
      // The agents here are another replica's to decide for meanwhile: their connections are not worth less for it.
      if (!isMusterError(error) || error.disposition !== 'transient') throw error;
      deps.logger.warn(
        { code: error.code, reason: error.message },
        'this replica could not lead; it stands by again',
      );
      await new Promise<void>((resolve) => void deps.clock.after(retryMs, resolve));
    } finally {
      await around.state.standby?.close();
      around.state.standby = undefined;
    }
  }
}

async function takeTurn(
  settings: ServiceSettings,
  deps: ServiceDeps,
  { state, relays, http, advertised }: Surroundings,
  signal: AbortSignal,
): Promise<void> {
  const { clock, random, logger } = deps;
  const { store, leadership } = await openPostgresStore(
    {
      ...{ clock, random },
      logger: logger.child({ part: 'store' }),
      onStandby: () => {
        state.standby = startStandby(settings, deps);
      },
      onLeader(address) {
        state.leader = address === undefined ? undefined : parsePeerAddress(address);
        relays.aim(state.leader && { kind: 'peer', address: state.leader });
      },
    },
    { url: settings.store ?? '', holder: randomUUID(), address: advertised, signal },
  );
  state.leader = undefined;
  relays.aim(undefined);
  await state.standby?.close();
  state.standby = undefined;
  const core = await startCore(
    settings,
    { ...deps, opampUrl: () => relays.url, httpUrl: () => http.url },
    { store, leads: leadership.leads },
  );
  state.core = core;
  relays.aim({ kind: 'own', server: core.opamp });
  await Promise.race([leadership.lost, aborted(signal)]);
  state.core = undefined;
  relays.aim(undefined);
  // They follow what is no longer decided here.
  http.cut();
  await core.quiet();
  await core.close();
}

function startRelays(settings: ServiceSettings, deps: ServiceDeps, peerPort: number): Promise<Relays> {
  const options = opampListenOptions(settings);
  const { clock, random, logger } = deps;
  const key = deps.serverKey.derive('peers');
  if (settings.workers === 1)
    return startOwnRelay(options, { ...{ clock, random, key }, logger: logger.child({ part: 'relay' }) });
  const own = { host: dialable(settings.peer.host), port: peerPort };
  return startWorkerRelays(settings.workers, options, {
    ...{ clock, logger, key, own },
    logLevel: settings.logLevel,
  });
}

/** Another process's relay, or a request that it passes on; good only here while this one leads. */
function acceptPeer(
  { core }: ReplicaState,
  http: HttpServer | undefined,
  channel: PeerChannel,
  stream: Duplex,
): void {
  if (!core) stream.destroy();
  else if (channel === 'muster-api') http?.adopt(stream);
  else core.accept(channel, stream);
}

/** Ready is who reaches the process that leads: agents and people may come here then. */
function readiness({ standby, leader }: ReplicaState, relays: Relays) {
  const ready = leader !== undefined && relays.areLinked();
  return { ready, body: { standby: true, leads: false, linked: relays.areLinked(), ...standby?.state() } };
}

/** Where others reach this process: what is set, else the listener's own address, else the machine's first. */
function advertise({ peer }: ServiceSettings, port: number): string {
  if (peer.advertise !== undefined) return peer.advertise;
  const host = isWildcard(peer.host) ? (firstAddress() ?? '127.0.0.1') : peer.host;
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function firstAddress(): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outer = all.filter(({ internal, address }) => !internal && !address.startsWith('fe80:'));
  return (outer.find(({ family }) => family === 'IPv4') ?? outer[0])?.address;
}

const isWildcard = (host: string): boolean => host === '0.0.0.0' || host === '::';

function dialable(host: string): string {
  return isWildcard(host) ? '127.0.0.1' : host;
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
