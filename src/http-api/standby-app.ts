import { Hono } from 'hono';
import type { ApiEnv } from './api-env.ts';
import { createStandbyMetrics } from './metrics.ts';
import { problemResponse } from './problem-response.ts';

/** What a process answers that stands by: it lives, is not ready, and knows no more than `body`. */
export function createStandbyApp(body: () => Readonly<Record<string, unknown>>): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  const metrics = createStandbyMetrics();
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/readyz', (context) => context.json({ standby: true, ...body() }, 503));
  // It names no agent and no tenant, so that it needs no token.
  app.get('/metrics', async (context) =>
    context.body(await metrics.text(), 200, { 'content-type': metrics.contentType }),
  );
  app.all('*', () => {
    const response = problemResponse(503, 'this replica stands by; another one leads');
    response.headers.set('retry-after', '5');
    return response;
  });
  return app;
}
