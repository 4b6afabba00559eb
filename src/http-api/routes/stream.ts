import { type Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { ApiEnv } from '../api-env.ts';
import type { FleetView } from '../ports.ts';

/** Events that wait for one reader of the stream. */
const maxUnreadEvents = 1000;
/** How often a stream looks whether anything changed. */
const lookEveryMs = 1_000;
/** This often a quiet stream says that it is alive: to proxies, and to pages, which do not hear comments. */
const aliveLooks = 15;

/**
 * Server-sent events: `hello` once, with the release that answers; each new `event` of the history; `changed` at most once
 * a second when the numbers of the fleet did; views then ask again for what they show (docs/decisions/0017); and `alive`
 * when there was nothing else to say for 15 s. It ends when what it was granted by no longer `holds`.
 */
export function streamRoutes(
  view: FleetView,
  version: string,
  holds: (context: Context<ApiEnv>) => boolean,
): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get('/events', (context) =>
    streamSSE(context, async (stream) => {
      const { tenant: scope, role } = context.get('grant');
      await stream.writeSSE({ event: 'hello', data: JSON.stringify({ role, version }) });
      let unread = 0;
      const stop = view.onEvent(scope, (event) => {
        // Who does not read is cut off, and catches up from the history.
        if (unread >= maxUnreadEvents) return stream.abort();
        unread += 1;
        stream
          .writeSSE({ event: 'event', id: event.id, data: JSON.stringify(event) })
          .catch(() => stream.abort())
          .finally(() => {
            unread -= 1;
          });
      });
      stream.onAbort(stop);
      let [seen, looks] = [view.fingerprint(scope), 0];
      while (!stream.aborted) {
        await stream.sleep(lookEveryMs);
        if (!holds(context)) break;
        looks += 1;
        const now = view.fingerprint(scope);
        if (now !== seen) await stream.writeSSE({ event: 'changed', data: '{}' });
        else if (looks % aliveLooks === 0) await stream.writeSSE({ event: 'alive', data: '{}' });
        seen = now;
      }
      stop();
    }),
  );
  return routes;
}
