import { Hono } from 'hono';
import { expect, it, vi } from 'vitest';
import { onceByKey } from '../../../src/http-api/idempotency.ts';
import type { ApiEnv } from '../../../src/http-api/index.ts';
import { planRoutes } from '../../../src/http-api/routes/plans.ts';
import type { PlanView } from '../../../src/model/index.ts';

const diffs = [
  { tenant: 'acme', config: 'edge', agents: 5, before: 'aa', after: 'bb', diff: '-a\n+b\n' },
  { tenant: 'globex', config: 'edge', agents: 3, after: 'bb', diff: '+b\n' },
];
const plan = { sha: 'f00', diffs, pull: { number: 482 }, stale: true } as unknown as PlanView;

function serve(grant: ApiEnv['Variables']['grant'], refresh: (sha: string) => boolean = () => true) {
  const app = new Hono<ApiEnv>();
  const time = { now: 0 };
  app.use('*', async (context, next) => {
    context.set('grant', grant);
    await next();
  });
  app.use('*', onceByKey({ now: () => time.now }));
  app.route('/', planRoutes({ of: (sha) => (sha === 'f00' ? plan : undefined), refresh }));
  return Object.assign(app, { time });
}
const operator = { role: 'operator', tenant: '*', name: 'ada' } as const;

it('gives a plan without texts, and each text by the hashes of its sides', async () => {
  const app = serve(operator);
  const summary = (await (await app.request('/plans/f00?include=summary')).json()) as PlanView;
  expect(summary).toMatchObject({ pull: { number: 482 }, stale: true });
  expect(summary.diffs.map(({ diff }) => diff)).toEqual(['', '']);
  expect(await (await app.request('/plans/f00/diff?before=aa&after=bb')).json()).toEqual(diffs[0]);
  expect(await (await app.request('/plans/f00/diff?after=bb&tenant=globex')).json()).toEqual(diffs[1]);
  for (const path of ['/plans/f00/diff?after=cc', '/plans/f01', '/plans/f01/diff'])
    expect((await app.request(path)).status, path).toBe(404);
});

it('plans anew for operators alone, and shows a token of one tenant nothing', async () => {
  const refresh = vi.fn((sha: string) => sha === 'f00');
  expect((await serve(operator, refresh).request('/plans/f00/refresh', { method: 'POST' })).status).toBe(202);
  expect((await serve(operator, refresh).request('/plans/f01/refresh', { method: 'POST' })).status).toBe(404);
  const viewer = serve({ ...operator, role: 'viewer' }, refresh);
  expect((await viewer.request('/plans/f00/refresh', { method: 'POST' })).status).toBe(403);
  const scoped = serve({ ...operator, tenant: 'acme' }, refresh);
  for (const [path, method] of [
    ['/plans/f00', 'GET'],
    ['/plans/f00/diff?after=bb', 'GET'],
    ['/plans/f00/refresh', 'POST'],
  ])
    expect((await scoped.request(path ?? '', { method: method ?? '' })).status, path).toBe(404);
  expect(refresh.mock.calls).toEqual([['f00'], ['f01']]);
});

it('does a write with one key once, and gives the first answer again', async () => {
  const refresh = vi.fn(() => true);
  const app = serve(operator, refresh);
  const send = (key: string, body = '{}') =>
    app.request('/plans/f00/refresh', { method: 'POST', body, headers: { 'idempotency-key': key } });
  const [first, second] = await Promise.all([send('a'), send('a')]);
  expect([first.status, second.status]).toEqual([202, 202]);
  expect(await second.json()).toEqual(await first.json());
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  expect(refresh).toHaveBeenCalledTimes(1);
  expect((await send('a', '{"reason":"other"}')).status).toBe(422);
  expect((await send('not a key')).status).toBe(400);
  await send('b');
  expect(refresh).toHaveBeenCalledTimes(2);
  app.time.now += 11 * 60_000;
  await send('a');
  expect(refresh).toHaveBeenCalledTimes(3);
});

it('does again what failed by our own fault', async () => {
  const refresh = vi.fn().mockImplementationOnce(() => {
    throw new Error('broken');
  });
  const app = serve(operator, refresh.mockReturnValue(true));
  const send = () =>
    app.request('/plans/f00/refresh', { method: 'POST', headers: { 'idempotency-key': 'a' } });
  expect((await send()).status).toBe(500);
  expect((await send()).status).toBe(202);
});
