import type { InstanceUid } from '../model/index.ts';
import type { AgentRoute, Connection } from './agent-route.ts';
import { createAllowance } from './allowance.ts';
import type { Answer, Outbound } from './answer.ts';
import type { ServerContext } from './context.ts';
import type { Session } from './ports.ts';
import { encodeServerToAgent } from './protobuf/index.ts';
import { createTally } from './tally.ts';
import { encodeFrame } from './websocket-frame.ts';
import type { Wire } from './wire.ts';

/** A connection on which nothing was said yet. */
export function createConnection(context: ServerContext, session: Session, wire: Wire): Connection {
  const now = context.clock.monotonic();
  const { tenant } = session;
  const routes = new Map<InstanceUid, AgentRoute>();
  const own = createAllowance(() => context.options.quota(tenant, routes.size), now);
  return {
    kind: 'ws',
    session,
    wire,
    routes,
    openedAt: now,
    resuming: false,
    latest: undefined,
    greeted: false,
    held: undefined,
    heardAt: now,
    nextPingAt: now + context.options.pingIntervalMs * (0.5 + context.random()),
    pingedAt: undefined,
    offersWritten: 0,
    offersProven: 0,
    blocked: undefined,
    probes: undefined,
    malformed: createTally(),
    allowances: [own, context.quotas.of(tenant)],
    resting: false,
    throttled: false,
  };
}

/** Whether messages may still be written: no close has begun on either side. */
export function isOpen(connection: Connection): boolean {
  return connection.wire.isOpen();
}

/** Writes an answer to the agent that it belongs to. */
export function writeAnswer(
  context: ServerContext,
  connection: Connection,
  answer: Answer,
  route?: AgentRoute,
): void {
  if (answer !== 'ack') writeMessage(context, connection, answer);
  else if (route) writeFrame(context, connection, acknowledge(context, route));
}

/** Writes one message as one frame, in order with all others of the connection; dropped once a close has begun. */
export function writeMessage(
  context: ServerContext,
  connection: Connection,
  { head, tails }: Outbound,
): void {
  writeFrame(context, connection, encodeFrame(head, totalLength(tails)), tails);
}

/** Whether an offer can be written: the one before was read, and the socket is not backed up (C-TR-19). */
export function isReady(context: ServerContext, route: AgentRoute): boolean {
  if (route.channel.kind !== 'ws') return true;
  if (route.offerMark > route.channel.offersProven) return false;
  return route.channel.wire.backlog() <= context.options.maxSocketBacklogBytes;
}

/**
 * Marks the agent's pending offer as waiting, and sends a ping behind what was written: its pong proves that the
 * client has read that far, which the socket's buffer does not tell before the kernel's megabytes are full.
 */
export function awaitProof(context: ServerContext, route: AgentRoute): void {
  const connection = route.channel;
  if (connection.kind !== 'ws') return;
  const waiting = connection.blocked !== undefined && connection.blocked.size > 0;
  connection.blocked ??= new Set();
  connection.blocked.add(route);
  if (!waiting) sendPing(context, connection);
}

/** Sends a ping that names how many offers were written before it; the first one unanswered sets the deadline. */
export function sendPing(context: ServerContext, connection: Connection): void {
  if (!isOpen(connection)) return;
  connection.pingedAt ??= context.clock.monotonic();
  connection.wire.ping(String(connection.offersWritten));
}

/** Goes on reading, unless something else still asks to wait. */
export function resumeReading(connection: Connection): void {
  if (!connection.throttled && !connection.held && !connection.resting) connection.wire.resume();
}

function totalLength(tails: readonly Uint8Array[] | undefined): number {
  let length = 0;
  if (tails) for (const tail of tails) length += tail.length;
  return length;
}

function acknowledge(context: ServerContext, route: AgentRoute): Uint8Array {
  route.acknowledgement ??= encodeFrame(encodeServerToAgent(route.wireUid, context.capabilities));
  return route.acknowledgement;
}

function writeFrame(
  context: ServerContext,
  connection: Connection,
  frame: Uint8Array,
  tails: readonly Uint8Array[] = [],
): void {
  if (!isOpen(connection)) return;
  connection.wire.write(frame, tails);
  if (connection.wire.backlog() > context.options.maxSocketBacklogBytes) throttle(connection);
}

// A client that does not read its answers is not read from either: what waits for it stays bounded.
function throttle(connection: Connection): void {
  if (connection.throttled) return;
  connection.throttled = true;
  connection.wire.pause();
  connection.wire.onceDrained(() => {
    connection.throttled = false;
    resumeReading(connection);
  });
}
