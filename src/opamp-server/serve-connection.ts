import type { Connection } from './agent-route.ts';
import { answerMessage, type Exchange, refuse } from './answer-message.ts';
import { isOpen, resumeReading, writeAnswer } from './connection.ts';
import type { ServerContext } from './context.ts';
import type { Delivery } from './delivery.ts';
import { removeMessageHeader } from './protobuf/index.ts';
import { retireRoutes } from './routes.ts';
import { strike } from './tally.ts';

/** Short, so that a close and a pong are noticed in time. */
const longestRestMs = 1_000;

/** What happens on one WebSocket, told in order by whoever has its socket. */
export interface ConnectionEvents {
  message(payload: Uint8Array, binary: boolean): void;
  pong(mark: string): void;
  /** It is about to close because of an error; `code` as of `ws`. */
  failed(code: string | undefined): void;
  closed(): void;
}

/**
 * Serves the agents of a connection for as long as it lasts (OpAMP, WebSocket Transport). `onGreeted` is called once:
 * when its first message was answered, or when it ended without one.
 */
export function serveConnection(
  context: ServerContext,
  delivery: Delivery,
  connection: Connection,
  onGreeted: () => void,
): ConnectionEvents {
  context.connections.add(connection);
  context.count('connection-opened');
  return {
    message(payload, binary) {
      receiveFrame(context, connection, payload, binary);
      if (connection.greeted) return;
      connection.greeted = true;
      onGreeted();
    },
    pong(mark) {
      connection.pingedAt = undefined;
      connection.offersProven = Math.max(connection.offersProven, readMark(connection, mark));
      settleProbes(connection, true);
      delivery.release(connection);
    },
    failed: (code) => noteError(context, connection, code),
    closed() {
      if (!connection.greeted) onGreeted();
      endConnection(context, connection);
    },
  };
}

// A pong may be unsolicited and say anything: it proves no more than was written.
function readMark(connection: Connection, mark: string): number {
  const value = Number(mark);
  return Number.isSafeInteger(value) && value <= connection.offersWritten ? value : 0;
}

function receiveFrame(
  context: ServerContext,
  connection: Connection,
  payload: Uint8Array,
  binary: boolean,
): void {
  // After a close has begun its agents may already speak elsewhere: what still arrives here is stale.
  if (!isOpen(connection)) return;
  connection.heardAt = context.clock.monotonic();
  charge(context, connection, payload.length);
  if (connection.held) {
    connection.held.push({ payload, binary });
    return;
  }
  const exchange = exchangeFrame(context, connection, payload, binary);
  if (!exchange) return;
  if (exchange instanceof Promise) hold(context, connection, exchange);
  else complete(context, connection, exchange);
}

// What has come is answered; a connection in debt, or of a tenant in debt, is not read from until that is paid.
function charge(context: ServerContext, connection: Connection, bytes: number): void {
  let debt = 0;
  for (const allowance of connection.allowances) {
    allowance.take(bytes, connection.heardAt);
    debt = Math.max(debt, allowance.debt(connection.heardAt));
  }
  if (debt === 0 || connection.resting) return;
  connection.resting = true;
  connection.wire.pause();
  context.clock.after(Math.min(debt, longestRestMs), () => {
    connection.resting = false;
    resumeReading(connection);
  });
}

function exchangeFrame(
  context: ServerContext,
  connection: Connection,
  payload: Uint8Array,
  binary: boolean,
): Exchange | Promise<Exchange> | undefined {
  if (!binary) return refuse(context, malformed(connection, 'messages must be binary frames'));
  const data = removeMessageHeader(payload);
  if (!data) return refuse(context, malformed(connection, 'the message header must be 0'));
  if (data.length > context.options.maxMessageBytes) {
    context.count('message-oversize-inbound');
    connection.wire.close(1009, 'message too big');
    return undefined;
  }
  return answerMessage(context, connection, connection.session, data);
}

function malformed(
  connection: Connection,
  reason: string,
): { kind: 'undecodable'; wireUid: Uint8Array; reason: string } {
  return { kind: 'undecodable', wireUid: connection.latest?.wireUid ?? new Uint8Array(), reason };
}

function complete(context: ServerContext, connection: Connection, { route, answer, fault }: Exchange): void {
  if (route) connection.latest = connection.routes.get(route.wireKey) === route ? route : undefined;
  writeAnswer(context, connection, answer, route);
  if (!fault) return;
  const { maxMalformed, malformedWindowMs } = context.options;
  if (strike(connection.malformed, context.clock.monotonic(), malformedWindowMs) < maxMalformed) return;
  context.logger.warn({ session: connection.session.id }, 'closed: too many malformed messages');
  connection.wire.close(1008, 'too many malformed messages');
}

// Messages of one connection are answered in order, so that those behind a uid in doubt wait with it.
function hold(context: ServerContext, connection: Connection, exchange: Promise<Exchange>): void {
  connection.held = [];
  connection.wire.pause();
  exchange.then(
    (result) => {
      const waiting = connection.held ?? [];
      connection.held = undefined;
      resumeReading(connection);
      complete(context, connection, result);
      for (const frame of waiting) receiveFrame(context, connection, frame.payload, frame.binary);
    },
    (error) => {
      context.logger.error({ err: error, session: connection.session.id }, 'a message could not be answered');
      connection.wire.terminate();
    },
  );
}

function settleProbes(connection: Connection, alive: boolean): void {
  const probes = connection.probes ?? [];
  connection.probes = undefined;
  for (const settle of probes) settle(alive);
}

function noteError(context: ServerContext, connection: Connection, code: string | undefined): void {
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH') context.count('message-oversize-inbound');
  context.logger.debug({ session: connection.session.id, code }, 'connection error');
}

function endConnection(context: ServerContext, connection: Connection): void {
  context.connections.delete(connection);
  context.count('connection-closed');
  settleProbes(connection, false);
  retireRoutes(context, [...connection.routes.values()], connection.session);
}
