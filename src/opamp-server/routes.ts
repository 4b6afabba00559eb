import type { InstanceUid } from '../model/index.ts';
import type { AgentRoute } from './agent-route.ts';
import type { ServerContext } from './context.ts';
import type { Session } from './ports.ts';

/**
 * Makes `route` the way to its agent. A route that another channel held for the uid is dropped, and a WebSocket
 * connection on which no agent is left is closed: its agent has come back on a new one.
 */
export function registerRoute(context: ServerContext, route: AgentRoute): void {
  const holder = context.routes.get(route.uid);
  if (holder === route) return;
  context.routes.set(route.uid, route);
  route.channel.routes.set(route.wireKey, route);
  context.quotas.count(route.session.tenant, 1);
  if (!holder) return;
  context.quotas.count(holder.session.tenant, -1);
  forgetOnChannel(holder);
  if (holder.channel.kind === 'ws' && holder.channel !== route.channel && holder.channel.routes.size === 0) {
    holder.channel.wire.close(1000, 'the agent is connected elsewhere');
  }
}

/** Forgets that the agent is reachable; its connection stays. */
export function releaseRoute(context: ServerContext, route: AgentRoute): void {
  forgetOnChannel(route);
  if (context.routes.get(route.uid) !== route) return;
  context.routes.delete(route.uid);
  context.quotas.count(route.session.tenant, -1);
}

/** Forgets agents that are gone, and tells the handler of those that are reachable nowhere else. */
export function retireRoutes(context: ServerContext, routes: readonly AgentRoute[], session: Session): void {
  const gone = routes.filter((route) => context.routes.get(route.uid) === route).map(({ uid }) => uid);
  for (const route of routes) releaseRoute(context, route);
  if (gone.length === 0) return;
  try {
    context.handler.disconnected(gone, session);
  } catch (error) {
    context.logger.error({ err: error, session: session.id }, 'a disconnect could not be processed');
  }
}

/** Knows the agent as `uid` from now on; it may still speak under its old uid on this channel. */
export function renameRoute(context: ServerContext, route: AgentRoute, uid: InstanceUid): void {
  if (context.routes.get(route.uid) === route) context.routes.delete(route.uid);
  context.successions.record(route.uid, uid);
  route.uid = uid;
  context.routes.set(uid, route);
}

/** The agent now speaks under `wireKey`, spelt as `wireUid`: what it is answered changes with it. */
export function respellRoute(route: AgentRoute, wireKey: InstanceUid, wireUid: Uint8Array): void {
  forgetOnChannel(route);
  route.wireKey = wireKey;
  route.wireUid = new Uint8Array(wireUid);
  route.acknowledgement = undefined;
  route.channel.routes.set(wireKey, route);
}

function forgetOnChannel(route: AgentRoute): void {
  const { channel } = route;
  if (channel.routes.get(route.wireKey) === route) channel.routes.delete(route.wireKey);
  if (channel.kind !== 'ws') return;
  if (channel.latest === route) channel.latest = undefined;
  channel.blocked?.delete(route);
}
