import { Hono } from 'hono';
import type { ApiEnv } from './api-env.ts';
import { problemResponse } from './problem-response.ts';

/** What a process answers that stands by: it lives, is not ready, and knows nothing to tell. */
export function createStandbyApp(): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.get('/healthz', (context) => context.json({ status: 'ok', standby: true }));
  app.get('/readyz', (context) => context.json({ standby: true, revision: null }, 503));
  app.all('*', () => {
    const response = problemResponse(503, 'this replica stands by; another one leads');
    response.headers.set('retry-after', '5');
    return response;
  });
  return app;
}
