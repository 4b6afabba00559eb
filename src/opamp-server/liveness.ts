import type { AgentRoute, Connection } from './agent-route.ts';
import { isOpen, sendPing } from './connection.ts';
import type { ServerContext } from './context.ts';
import { retireRoutes } from './routes.ts';

const sweepEveryMs = 1_000;

/**
 * Looks after everyone once a second: pings what is quiet, cuts what does not answer (C-TR-21), and reports HTTP
 * agents that stopped polling as gone (C-DIS-2). Returns the function that ends it.
 */
export function startLiveness(context: ServerContext): () => void {
  let cancel = context.clock.after(sweepEveryMs, sweep);
  let sweptAt = context.clock.monotonic();

  function sweep(): void {
    const now = context.clock.monotonic();
    const stalledFor = now - sweptAt - sweepEveryMs;
    sweptAt = now;
    if (stalledFor > sweepEveryMs) forgiveStall(context, stalledFor);
    for (const connection of context.connections) checkConnection(context, connection, now);
    checkPolls(context, now);
    cancel = context.clock.after(sweepEveryMs, sweep);
  }

  return () => cancel();
}

// While this process stood still, answers lay unread in its sockets: that time is nobody's silence.
function forgiveStall(context: ServerContext, stalledFor: number): void {
  context.logger.warn(
    { stalledMs: Math.round(stalledFor) },
    'the event loop stood still: deadlines are moved',
  );
  for (const connection of context.connections) {
    connection.heardAt += stalledFor;
    connection.openedAt += stalledFor;
    if (connection.pingedAt !== undefined) connection.pingedAt += stalledFor;
  }
  for (const route of context.polling.routes.values()) route.heardAt += stalledFor;
}

function checkConnection(context: ServerContext, connection: Connection, now: number): void {
  const { options } = context;
  if (!isOpen(connection)) return;
  if (!connection.greeted && now - connection.openedAt > options.firstMessageTimeoutMs) {
    connection.wire.close(1008, 'no message came');
  } else if (isLost(context, connection, now)) {
    cut(context, connection);
  } else if (now >= connection.nextPingAt) {
    connection.nextPingAt = now + options.pingIntervalMs * (0.75 + context.random() / 2);
    sendPing(context, connection);
  }
}

// A client that goes on sending is alive, if perhaps busy applying what it got: it has longer to answer.
function isLost({ options }: ServerContext, { pingedAt, heardAt }: Connection, now: number): boolean {
  if (pingedAt === undefined) return false;
  const unanswered = now - pingedAt;
  if (unanswered > options.stalledReaderTimeoutMs) return true;
  return unanswered > options.pongTimeoutMs && now - heardAt > options.pingIntervalMs + options.pongTimeoutMs;
}

function cut(context: ServerContext, connection: Connection): void {
  const stalled = connection.blocked !== undefined || connection.throttled;
  context.count(stalled ? 'slow-consumer-closed' : 'ping-unanswered');
  context.logger.info(
    { session: connection.session.id, stalled },
    'connection cut: it does not answer pings',
  );
  connection.wire.terminate();
}

function checkPolls(context: ServerContext, now: number): void {
  const silent: AgentRoute[] = [];
  for (const route of context.polling.routes.values()) {
    if (now - route.heardAt <= context.options.pollTimeoutMs) break;
    silent.push(route);
  }
  for (const route of silent) retireRoutes(context, [route], route.session);
}
