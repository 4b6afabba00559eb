import type { AgentReport, InstanceUid } from '../model/index.ts';
import { type AgentRoute, type Connection, createRoute } from './agent-route.ts';
import { isOpen, sendPing } from './connection.ts';
import type { ServerContext } from './context.ts';
import { pendingOf } from './pending.ts';
import type { Session } from './ports.ts';
import { createTally, strike } from './tally.ts';

/** Moves of one uid within this time that make it look like two agents, not one. */
const suspiciousMoves = 3;
const moveWindowMs = 300_000;

/** A report, and how its agent spells its uid. */
export interface Claim {
  readonly wireUid: Uint8Array;
  readonly report: AgentReport;
}

/**
 * Whether a session that is only good for requesting a certificate claims the uid of an agent with a full credential, or
 * of another tenant's: it would get what is pushed to that agent, and push it out.
 */
export function isKeptFrom({ routes }: ServerContext, { scope, tenant }: Session, uid: InstanceUid): boolean {
  const holder = scope === 'enroll' ? routes.get(uid)?.session : undefined;
  return holder !== undefined && (holder.scope === 'full' || holder.tenant !== tenant);
}

/**
 * Whether the live connection that holds a uid must be asked before another one takes it: always for an agent that
 * starts anew, and for one that continues its sequence once the uid has moved too often to be one agent's.
 */
export function mustProbe(
  context: ServerContext,
  holder: AgentRoute,
  session: Session,
  { report }: Claim,
): boolean {
  if (holder.channel.kind !== 'ws' || !isOpen(holder.channel)) return false;
  // Another tenant's uid is for the handler to refuse (C-ID-7): its holder must not notice the attempt.
  if (holder.session.tenant !== session.tenant) return false;
  // An agent that was enrolled comes back with its certificate before its first connection has ended.
  if (holder.session.scope === 'enroll' && session.scope === 'full') return false;
  if (report.sequence === 0) return true;
  return strike(holder.moves, context.clock.monotonic(), moveWindowMs) > suspiciousMoves;
}

/**
 * Whether this poll comes from a second agent with the same uid: address and sequence both break off, again and
 * again. One agent behind changing addresses keeps its sequence, one that restarts breaks it once.
 */
export function isClone(
  context: ServerContext,
  known: AgentRoute,
  session: Session,
  { report }: Claim,
): boolean {
  if (known.channel.kind !== 'http') return false;
  const moved = session.remoteAddress !== known.polledFrom;
  const breaksOff = moved && known.polledSequence >= 0 && report.sequence !== known.polledSequence + 1;
  if (breaksOff && strike(known.moves, context.clock.monotonic(), moveWindowMs) > suspiciousMoves)
    return true;
  known.polledFrom = session.remoteAddress;
  known.polledSequence = report.sequence;
  return false;
}

/**
 * The route of the second of two polling agents: the first goes on under the uid, this one is reached by a new one,
 * and told of it again for as long as it does not take it.
 */
export function createSibling(
  context: ServerContext,
  known: AgentRoute,
  session: Session,
  { report, wireUid }: Claim,
): AgentRoute {
  const before = known.sibling;
  if (before?.session.remoteAddress === session.remoteAddress) {
    pendingOf(before).newUid = before.uid;
    before.wireUid = new Uint8Array(wireUid);
    return before;
  }
  const sibling = createRoute(context.polling, session, report.uid, wireUid, createTally());
  assignNewUid(context, sibling);
  sibling.wireKey = sibling.uid;
  known.sibling = sibling;
  return sibling;
}

/** Gives the agent a new uid, of which its next answer tells it; its uid on the wire stays what it was until it heeds. */
export function assignNewUid(context: ServerContext, route: AgentRoute): void {
  const previous = route.uid;
  route.uid = context.createUid();
  pendingOf(route).newUid = route.uid;
  context.successions.record(previous, route.uid);
  context.count('uid-reassigned');
  context.logger.warn(
    { uid: previous, newUid: route.uid },
    'two agents use one instance uid: the newcomer gets another',
  );
}

/** Asks a connection for a sign of life; false, and the connection is cut, where none comes in time. */
export function probeHolder(context: ServerContext, connection: Connection): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = context.clock.after(context.options.probeTimeoutMs, () => {
      settle(false);
      connection.wire.terminate();
    });
    const settle = (alive: boolean): void => {
      cancel();
      resolve(alive);
    };
    connection.probes ??= [];
    connection.probes.push(settle);
    sendPing(context, connection);
  });
}
