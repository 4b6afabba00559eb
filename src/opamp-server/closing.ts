import type { Clock } from '../runtime/index.ts';
import type { Connection } from './agent-route.ts';
import type { ServerContext } from './context.ts';
import type { Session } from './ports.ts';
import { retireRoutes } from './routes.ts';

const drainCheckMs = 20;
/** A thousand connections a second are closed: a small fleet is not made to wait. */
const drainMsPerConnection = 1;

/** How connections are closed: the WebSocket close code, a reason of at most 123 bytes, and the time to spread it over. */
export interface CloseOrder {
  readonly code: number;
  readonly reason: string;
  readonly overMs?: number;
}

/** Closes every matching connection, and forgets matching HTTP agents; returns how many connections it will close. */
export function closeSessions(
  context: ServerContext,
  matches: (session: Session) => boolean,
  order: CloseOrder,
): number {
  const doomed = [...context.connections].filter(({ session }) => matches(session));
  closeConnections(context, doomed, order);
  for (const route of [...context.polling.routes.values()]) {
    if (matches(route.session)) retireRoutes(context, [route], route.session);
  }
  return doomed.length;
}

/** Closes everyone with 1001, over at most `drainMs`; resolves when no connection is left, or cuts what is left on abort. */
export function drainConnections(context: ServerContext, signal: AbortSignal): Promise<void> {
  const { drainMs } = context.options;
  const overMs = Math.min(drainMs, context.connections.size * drainMsPerConnection);
  const order = { code: 1001, reason: 'the server is shutting down', overMs };
  closeConnections(context, [...context.connections], order);
  return untilGone(context.connections, context.clock, signal, () => {
    for (const { wire } of context.connections) wire.terminate();
  });
}

/** Resolves when nobody is left; on abort at once, after `cut`. */
export function untilGone(
  everyone: { readonly size: number },
  clock: Clock,
  signal: AbortSignal,
  cut: () => void,
): Promise<void> {
  return new Promise((resolve) => {
    const check = (): void => {
      if (signal.aborted) return;
      if (everyone.size === 0) resolve();
      else clock.after(drainCheckMs, check);
    };
    const finish = (): void => {
      cut();
      resolve();
    };
    if (signal.aborted) finish();
    else signal.addEventListener('abort', finish, { once: true });
    check();
  });
}

// Jitter keeps those who are told to leave from coming back all at once.
function closeConnections(
  context: ServerContext,
  connections: readonly Connection[],
  order: CloseOrder,
): void {
  const { code, reason, overMs = 0 } = order;
  for (const { wire } of connections) {
    if (overMs === 0) wire.close(code, reason);
    else context.clock.after(overMs * context.random(), () => wire.close(code, reason));
  }
}
