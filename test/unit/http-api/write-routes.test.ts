import { Hono } from 'hono';
import { expect, it, vi } from 'vitest';
import type { ApiEnv, FleetActs, FleetView } from '../../../src/http-api/index.ts';
import { writeRoutes } from '../../../src/http-api/routes/write.ts';

const grant = { role: 'operator', tenant: '*', name: 'ada' } as const;

it.each(['pause', 'resume', 'abort', 'retry', 'approve'] as const)(
  'hands %s on with the rollout and the reason, and nothing else of the body',
  async (name) => {
    const act = vi.fn();
    const rollouts = { [name]: act } as unknown as FleetActs['rollouts'];
    const app = new Hono<ApiEnv>();
    app.use('*', async (context, next) => {
      context.set('grant', grant);
      await next();
    });
    app.route('/', writeRoutes({ rollouts } as FleetActs, {} as FleetView));
    const body = JSON.stringify({ reason: 'looks good', more: 'x' });
    const answer = await app.request(`/rollouts/acme%2Fedge/${name}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(202);
    expect(act.mock.calls).toEqual([['acme/edge', expect.objectContaining({ reason: 'looks good' })]]);
  },
);
