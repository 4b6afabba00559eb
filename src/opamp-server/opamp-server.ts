import { randomBytes } from 'node:crypto';
import type { Duplex } from 'node:stream';
import {
  type ConnectionOffer,
  type CustomMessage,
  createLruMap,
  type InstanceUid,
  type PackagesOffer,
  type RenderedConfig,
} from '../model/index.ts';
import type { Clock, Logger } from '../runtime/index.ts';
import type { AgentRoute, Connection } from './agent-route.ts';
import { type CloseOrder, closeSessions, drainConnections } from './closing.ts';
import type { ServerContext } from './context.ts';
import { createDelivery, type Delivered } from './delivery.ts';
import { createEndpoint } from './endpoint.ts';
import { createFlapping } from './flapping.ts';
import { createGate } from './gate.ts';
import { createHttpTransport } from './http-transport.ts';
import { createListener, type ListenerAddress } from './listener.ts';
import { startLiveness } from './liveness.ts';
import { type OpampServerOptions, type ResolvedOptions, resolveOptions } from './options.ts';
import {
  createPackageRoute,
  type PackageFiles,
  type PackageRoute,
  type PackageRouteDeps,
} from './package-files/index.ts';
import { createPolls } from './polls.ts';
import type { OpampHandler, OpampMetrics, ReplyError, Session } from './ports.ts';
import {
  createOfferEncoder,
  createUuidV7,
  encodeCustomCapabilities,
  serverCapability,
} from './protobuf/index.ts';
import { createQuotas } from './quotas.ts';
import { createHub } from './relay/index.ts';
import { createSuccessions } from './successions.ts';
import { createWebSocketTransport } from './websocket-transport.ts';

/** What the server needs from outside. */
export interface OpampServerDeps {
  readonly handler: OpampHandler;
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1); for jitter only. */
  readonly random: () => number;
  readonly metrics?: OpampMetrics;
  /** Packages that the listener serves, and the secret that signs their URLs (`createPackageUrl`); none by default. */
  readonly packages?: { readonly files: PackageFiles; readonly key: Uint8Array };
  /** UUIDv7 unless given. */
  readonly createUid?: () => InstanceUid;
}

/** The OpAMP endpoint: carries reports to the handler, and its replies and offers to agents. */
export interface OpampServer {
  /** Starts; throws `OPAMP_LISTEN_FAILED`. Without it, only relays' agents are served. */
  listen(): Promise<ListenerAddress>;
  /** Serves the agents of a relay at the other end of the stream, for as long as it lasts. */
  serveRelay(stream: Duplex): void;
  /** Answers the HTTP requests that come over the stream. */
  serveHttp(stream: Duplex): void;
  /** Pushes a config to a connected agent, in place of any offer that is not sent yet. */
  offer(uid: InstanceUid, config: RenderedConfig): Delivered;
  /** Pushes connection settings, as far as the agent's capabilities go; over HTTP with the next poll. `session`: to no other. */
  offerConnection(uid: InstanceUid, offer: ConnectionOffer, session?: string): Delivered;
  /** Pushes the complete set of packages; over HTTP with the next poll. */
  offerPackages(uid: InstanceUid, offer: PackagesOffer): Delivered;
  /** Pushes a custom message to an agent that lists its capability; over HTTP with the next poll. */
  sendCustomMessage(uid: InstanceUid, message: CustomMessage): Delivered;
  /** Tells an agent that something failed which was acknowledged before; over HTTP in the next poll's reply. */
  sendError(uid: InstanceUid, error: ReplyError, session?: string): Delivered;
  /** Asks an agent to report everything. */
  askFullState(uid: InstanceUid): Delivered;
  /** Commands an agent to restart. */
  restart(uid: InstanceUid): Delivered;
  /** Closes the connections of these agents, and of all that share them; returns how many connections. */
  disconnect(uids: readonly InstanceUid[], code: number, reason: string): number;
  /** Closes every connection whose session matches, spread over `order.overMs`; returns how many. */
  closeSessions(matches: (session: Session) => boolean, order: CloseOrder): number;
  /** WebSocket connections that are open or closing. */
  connectionCount(): number;
  /** Lets relays go with their agents, stops listening and closes everyone else with 1001, jittered; resolves when all are gone, at once on abort. */
  drain(signal: AbortSignal): Promise<void>;
  /** Cuts what is left and stops listening. */
  close(): Promise<void>;
}

/** New uids that are remembered with the uid they replaced. */
const rememberedSuccessions = 10_000;
/** Agents whose arrivals are counted at one time. */
const rememberedArrivals = 100_000;

/** A server that does nothing until `listen`. */
export function createOpampServer(options: OpampServerOptions, deps: OpampServerDeps): OpampServer {
  const context = createContext(options, deps);
  const gate = createGate(context);
  const delivery = createDelivery(context);
  const webSocket = createWebSocketTransport(context, delivery, gate.greeted);
  const packages = createPackages(context, deps);
  const polls = createPolls(context);
  const endpoint = createEndpoint(
    context,
    gate,
    createHttpTransport(context.options, polls, context.random),
    webSocket,
    packages,
  );
  const listener = createListener(context, endpoint);
  const hub = createHub(context, { gate, delivery, polls });
  const stopLiveness = startLiveness(context);
  return {
    listen: listener.listen,
    serveRelay: hub.serve,
    serveHttp: listener.adopt,
    offer: delivery.offer,
    offerConnection: delivery.offerConnection,
    offerPackages: delivery.offerPackages,
    sendCustomMessage: delivery.sendCustomMessage,
    sendError: delivery.sendError,
    askFullState: delivery.askFullState,
    restart: delivery.restart,
    disconnect(uids, code, reason) {
      const doomed = new Set(uids.map((uid) => context.routes.get(uid)?.session));
      return closeSessions(context, (session) => doomed.has(session), { code, reason });
    },
    closeSessions: (matches, order) => closeSessions(context, matches, order),
    connectionCount: () => context.connections.size,
    async drain(signal) {
      gate.shut();
      // Refused, clients try again within a second or reach another replica; told 503, they would wait for half a minute.
      hub.close();
      listener.refuse();
      await drainConnections(context, signal);
    },
    async close() {
      gate.shut();
      stopLiveness();
      hub.close();
      for (const connection of context.connections) connection.wire.terminate();
      await listener.close();
    },
  };
}

function createPackages(
  { options, handler, clock, logger, random }: ServerContext,
  { packages }: OpampServerDeps,
): PackageRoute | undefined {
  if (!packages) return undefined;
  const mayDownload: PackageRouteDeps['mayDownload'] = (uid, sha256) =>
    handler.mayDownload?.(uid, sha256) === true;
  return createPackageRoute({ ...packages, mayDownload, clock, logger, random }, options);
}

function createContext(options: OpampServerOptions, deps: OpampServerDeps): ServerContext {
  const { handler, clock, logger, random, metrics } = deps;
  // Ids are told apart across restarts too: agent states outlive the process that made the session.
  const prefix = randomBytes(4).toString('hex');
  let sessions = 0;
  const resolved = resolveOptions(options);
  return {
    options: resolved,
    handler,
    clock,
    logger,
    random,
    createUid: deps.createUid ?? (() => createUuidV7(clock.now(), randomBytes(10))),
    encode: createOfferEncoder(),
    capabilities: composeCapabilities(resolved),
    introduction:
      resolved.customCapabilities.length > 0
        ? encodeCustomCapabilities(resolved.customCapabilities)
        : undefined,
    quotas: createQuotas(resolved.quota, () => clock.monotonic()),
    flapping: createFlapping({
      maxPerMinute: resolved.maxConnectsPerUid,
      maxKeys: rememberedArrivals,
      retryAfterMs: resolved.retryAfterMs,
      random,
    }),
    successions: createSuccessions(rememberedSuccessions),
    customCapabilities: createLruMap<InstanceUid, readonly string[]>(resolved.maxPollingAgents),
    count: (event, by) => metrics?.count(event, by),
    nextSessionId: () => `${prefix}-${(sessions += 1)}`,
    routes: new Map<InstanceUid, AgentRoute>(),
    connections: new Set<Connection>(),
    polling: { kind: 'http', routes: new Map<InstanceUid, AgentRoute>() },
  };
}

function composeCapabilities({ offers }: ResolvedOptions): number {
  const { acceptsStatus, offersRemoteConfig, acceptsEffectiveConfig } = serverCapability;
  const packages = serverCapability.offersPackages | serverCapability.acceptsPackagesStatus;
  return (
    acceptsStatus |
    offersRemoteConfig |
    acceptsEffectiveConfig |
    (offers.packages ? packages : 0) |
    (offers.connectionSettings ? serverCapability.offersConnectionSettings : 0) |
    (offers.certificateRequests ? serverCapability.acceptsConnectionSettingsRequest : 0)
  );
}
