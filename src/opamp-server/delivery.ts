import type {
  ConnectionOffer,
  CustomMessage,
  InstanceUid,
  PackagesOffer,
  RenderedConfig,
} from '../model/index.ts';
import type { AgentRoute, Connection } from './agent-route.ts';
import { takeMessage } from './compose-answer.ts';
import { awaitProof, isOpen, isReady, writeMessage } from './connection.ts';
import type { ServerContext } from './context.ts';
import {
  mayOfferConfig,
  mayOfferConnection,
  mayOfferPackages,
  mayRestart,
  maySendCustomMessage,
} from './may-send.ts';
import { type Pending, pendingOf } from './pending.ts';
import type { ReplyError } from './ports.ts';

/**
 * What became of something for an agent: `sent` is on its way, `queued` waits for the agent to read or to poll,
 * `refused` was dropped: the agent or its credential may not have it, or it is empty or too large to be sent.
 */
export type Delivered = 'sent' | 'queued' | 'not-connected' | 'refused';

/** Pushes to connected agents; of each kind only the newest waits (C-TR-19), over HTTP for the next poll. */
export interface Delivery {
  /** A remote config. Over HTTP it is not kept: the handler must give it in the next poll's reply. */
  offer(uid: InstanceUid, config: RenderedConfig): Delivered;
  /** Connection settings, of which the agent gets what its capabilities allow; in this session only, where one is given. */
  offerConnection(uid: InstanceUid, offer: ConnectionOffer, session?: string): Delivered;
  /** The complete set of packages. */
  offerPackages(uid: InstanceUid, offer: PackagesOffer): Delivered;
  sendCustomMessage(uid: InstanceUid, message: CustomMessage): Delivered;
  /** An error_response about something that was acknowledged before, such as a certificate request; likewise. */
  sendError(uid: InstanceUid, error: ReplyError, session?: string): Delivered;
  /** Asks for a report with everything (ReportFullState). */
  askFullState(uid: InstanceUid): Delivered;
  /** Commands a restart. */
  restart(uid: InstanceUid): Delivered;
  /** Sends what waited for the client to read, now that it has. */
  release(connection: Connection): void;
}

/** Pushes in slices, so that a broadcast to any number of agents never holds the event loop for long. */
export function createDelivery(context: ServerContext): Delivery {
  const queue = createSlicedQueue(context.options.sliceSize, (route) => sendPending(context, route));

  function deliver(
    uid: InstanceUid,
    may: (route: AgentRoute) => boolean,
    parts: Pending,
    session?: string,
  ): Delivered {
    const route = context.routes.get(uid);
    if (!route || (session !== undefined && route.session.id !== session)) return 'not-connected';
    if (!may(route)) return 'refused';
    if (route.channel.kind === 'http' && parts.config) return 'queued';
    Object.assign(pendingOf(route), parts);
    if (route.channel.kind === 'http') return 'queued';
    queue.add(route);
    return isReady(context, route) ? 'sent' : 'queued';
  }

  return {
    offer: (uid, config) => deliver(uid, (route) => mayOfferConfig(context, route, config), { config }),
    offerConnection: (uid, connection, session) =>
      deliver(uid, (route) => mayOfferConnection(context, route, connection), { connection }, session),
    offerPackages: (uid, packages) =>
      deliver(uid, (route) => mayOfferPackages(context, route, packages), { packages }),
    sendCustomMessage: (uid, customMessage) =>
      deliver(uid, (route) => maySendCustomMessage(context, route, customMessage), { customMessage }),
    sendError: (uid, error, session) => deliver(uid, () => true, { error }, session),
    askFullState: (uid) => deliver(uid, () => true, { reportFullState: true }),
    restart: (uid) => deliver(uid, mayRestart, { restart: true }),
    release(connection) {
      const waiting = connection.blocked;
      connection.blocked = undefined;
      if (waiting) for (const route of waiting) queue.add(route);
    },
  };
}

function createSlicedQueue(
  sliceSize: number,
  serve: (route: AgentRoute) => void,
): { add(route: AgentRoute): void } {
  const queue = new Set<AgentRoute>();
  let scheduled = false;

  function serveSlice(): void {
    let left = sliceSize;
    for (const route of queue) {
      if (left === 0) break;
      left -= 1;
      queue.delete(route);
      serve(route);
    }
    scheduled = queue.size > 0;
    if (scheduled) setImmediate(serveSlice);
  }

  return {
    add(route) {
      queue.add(route);
      if (scheduled) return;
      scheduled = true;
      setImmediate(serveSlice);
    },
  };
}

function sendPending(context: ServerContext, route: AgentRoute): void {
  const { channel } = route;
  if (!route.pending || channel.kind !== 'ws' || context.routes.get(route.uid) !== route) return;
  if (!isOpen(channel)) {
    route.pending = undefined;
    return;
  }
  const message = takeMessage(context, route);
  if (message) writeMessage(context, channel, message);
  if (route.pending) awaitProof(context, route);
}
