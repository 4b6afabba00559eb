import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ApiEnv } from '../api-env.ts';
import type { ReceiveWebhook } from '../ports.ts';
import { problemResponse } from '../problem-response.ts';

/** GitHub sends no larger one. */
const maxBodyBytes = 25 * 1024 * 1024;
/** Bodies are read before anybody is known: only so many at a time. */
const maxAtOnce = 4;

/** Where Git hosts tell that something happened; judged by the signature alone, and only a trigger (contract.md). */
export function webhookRoutes(receive: ReceiveWebhook): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  const state = { reading: 0 };
  routes.post('/webhooks/:host', bodyLimit({ maxSize: maxBodyBytes, onError: tooLarge }), async (context) => {
    if (state.reading >= maxAtOnce) return busy();
    state.reading += 1;
    try {
      const body = new Uint8Array(await context.req.arrayBuffer());
      const answer = receive(context.req.param('host'), headersOf(context), body);
      return answer.accepted
        ? context.json({ accepted: true }, 202)
        : problemResponse(answer.status, answer.reason);
    } finally {
      state.reading -= 1;
    }
  });
  return routes;
}

function headersOf(context: Context<ApiEnv>): Readonly<Record<string, string>> {
  return Object.fromEntries(context.req.raw.headers);
}

function tooLarge(): Response {
  return problemResponse(413, 'the webhook is too large');
}

function busy(): Response {
  const response = problemResponse(503, 'too many webhooks at once');
  response.headers.set('retry-after', '5');
  return response;
}
