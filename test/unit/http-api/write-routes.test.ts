import { Hono } from 'hono';
import { expect, it, vi } from 'vitest';
import type { ApiEnv, FleetActs, FleetView } from '../../../src/http-api/index.ts';
import { writeRoutes } from '../../../src/http-api/routes/write.ts';

const grant = { role: 'operator', tenant: '*', name: 'ada' } as const;

/** Posts to an act on a rollout; `act` is what the routes hand on. */
async function post(name: string, body: unknown) {
  const act = vi.fn();
  const rollouts = { [name]: act } as unknown as FleetActs['rollouts'];
  const app = new Hono<ApiEnv>();
  app.use('*', async (context, next) => {
    context.set('grant', grant);
    await next();
  });
  app.route('/', writeRoutes({ rollouts } as FleetActs, {} as FleetView));
  const answer = await app.request(`/rollouts/acme%2Fedge/${name}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  return { status: answer.status, calls: act.mock.calls };
}

it.each(['pause', 'resume', 'abort', 'retry', 'approve'] as const)(
  'hands %s on with the rollout and the reason, and nothing else of the body',
  async (name) => {
    const { status, calls } = await post(name, { reason: 'looks good', more: 'x' });
    expect(status).toBe(202);
    expect(calls).toEqual([['acme/edge', { actor: 'ada', reason: 'looks good' }]]);
  },
);

it('hands on the commit that was looked at', async () => {
  const { calls } = await post('abort', { reason: 'looks bad', revision: '0123ABC' });
  expect(calls).toEqual([['acme/edge', { actor: 'ada', reason: 'looks bad', revision: '0123abc' }]]);
});

it.each(['', ' ', 'main', '012', 7, null])(
  'does not take %j for a commit, nor for none: nothing is done',
  async (revision) => {
    expect(await post('abort', { reason: 'looks bad', revision })).toEqual({ status: 400, calls: [] });
  },
);
