import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono } from 'hono';
import type { ApiEnv } from './api-env.ts';
import { forwardRequest, type OpenToLeader } from './forward.ts';
import { createStandbyMetrics } from './metrics.ts';
import type { Readiness } from './ports.ts';

export interface StandbyDeps {
  /** Whether agents and callers that come here reach the process that leads. */
  readonly readiness: () => Readiness;
  readonly openToLeader: OpenToLeader;
}

/** What a process answers that does not lead: its own probes and metrics; the rest it asks the one that does. */
export function createStandbyApp({ readiness, openToLeader }: StandbyDeps): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const metrics = createStandbyMetrics();
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/readyz', (context) => {
    const { ready, body } = readiness();
    return context.json(body, ready ? 200 : 503);
  });
  // It names no agent and no tenant, so that it needs no token.
  app.get('/metrics', async (context) =>
    context.body(await metrics.text(), 200, { 'content-type': metrics.contentType }),
  );
  app.all('*', (context) =>
    forwardRequest(context.req.raw, getConnInfo(context).remote.address, openToLeader),
  );
  return app;
}
