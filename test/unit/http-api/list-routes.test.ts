import { Hono } from 'hono';
import { expect, it } from 'vitest';
import type { AgentQuery, ApiEnv, FleetView } from '../../../src/http-api/index.ts';
import { pageOf } from '../../../src/http-api/paging.ts';
import { readRoutes } from '../../../src/http-api/routes/read.ts';

const tenant = (name: string, state: string, outOfSync: number, total: number) => ({
  tenant: name,
  status: { state },
  problems: { errors: 0, warnings: 0 },
  states: { total, sync: { OutOfSync: outOfSync } },
});
const rollout = (id: string, phase: string) => {
  const [name, config] = id.split('/');
  return { id, tenant: name, config, phase, matched: 1 };
};
const revision = (sha: string, context: string, state: string) => ({ sha, statuses: [{ context, state }] });
const view = {
  tenants: async () => [
    tenant('a', 'success', 0, 9),
    tenant('b', 'failure', 1, 2),
    tenant('c', 'success', 5, 3),
  ],
  rollouts: async () => [
    rollout('a/edge', 'running'),
    rollout('a/gw', 'passed'),
    rollout('b/edge', 'failed'),
  ],
  showRollouts: (ids: readonly string[]) => ids.map((id) => ({ id })),
  revisions: () => [
    revision('3f', 'muster/a', 'pending'),
    revision('2f', 'muster/fleet', 'failure'),
    revision('1f', 'muster/a', 'success'),
  ],
  agents: async (_: string, query: AgentQuery) =>
    query.step === 'nth' ? { error: 'the rollout has no such step' } : query,
} as unknown as FleetView;

it.each([
  'sort=newest',
  'step=tenth',
  'standing=failed',
  'rollout=a%2Fedge&standing=well',
  'revision=main',
  'revision=3f2',
])('/agents?%s is refused', async (query) => {
  const response = await app.request(`/agents?${query}`);
  expect([response.status, response.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
});

it('says what the fleet finds wrong in a question for agents, and passes on what is right', async () => {
  const response = await app.request('/agents?rollout=a%2Fedge&step=nth&cursor=x');
  expect([response.status, await response.json()]).toEqual([
    400,
    { type: 'about:blank', title: 'the rollout has no such step', status: 400 },
  ]);
  const asked = await app.request(
    '/agents?rollout=a%2Fedge&step=half&standing=failed&sort=worst&revision=3f2a',
  );
  expect(await asked.json()).toEqual({
    ...{ rollout: 'a/edge', step: 'half', standing: 'failed', sort: 'worst', revision: '3f2a', limit: 100 },
  });
});

const app = new Hono<ApiEnv>();
app.use('*', async (context, next) => {
  context.set('grant', { role: 'viewer', tenant: '*', name: 'ada' });
  await next();
});
app.route('/', readRoutes(view));
const list = async (path: string) => {
  const { items, total, next } = (await (await app.request(path)).json()) as {
    items: { tenant?: string; id?: string; sha?: string }[];
    total: number;
    next: string | null;
  };
  return { names: items.map(({ id, sha, tenant: name }) => id ?? sha ?? name), total, next };
};

it.each([
  ['/tenants', ['a', 'b', 'c']],
  ['/tenants?sort=worst', ['b', 'c', 'a']],
  ['/tenants?sort=agents', ['a', 'c', 'b']],
  ['/tenants?state=success&q=C', ['c']],
  ['/rollouts', ['a/edge', 'a/gw', 'b/edge']],
  ['/rollouts?state=active', ['a/edge']],
  ['/rollouts?state=ended&config=edge', ['b/edge']],
  ['/rollouts?tenant=a', ['a/edge', 'a/gw']],
  ['/revisions', ['3f', '2f', '1f']],
  ['/revisions?tenant=a', ['3f', '1f']],
  ['/revisions?tenant=a&state=success', ['1f']],
  ['/revisions?state=failure', ['2f']],
])('%s', async (path, names) => {
  expect((await list(path)).names).toEqual(names);
});

it.each(['/tenants?sort=worst', '/rollouts', '/revisions'])(
  '%s comes in pages that hold each item once',
  async (path) => {
    const [whole, seen] = [await list(path), [] as (string | undefined)[]];
    let cursor = '';
    for (let page = 0; page < 5; page += 1) {
      const separator = path.includes('?') ? '&' : '?';
      const { names, total, next } = await list(`${path}${separator}limit=2${cursor}`);
      expect(total).toBe(3);
      seen.push(...names);
      if (next === null) break;
      cursor = `&cursor=${next}`;
    }
    expect(seen).toEqual(whole.names);
  },
);

it('goes on behind the last item seen where others came before it, and at its place where it has gone', () => {
  const id = (item: string) => item;
  const { next } = pageOf(['b', 'c', 'd'], id, { limit: 2, cursor: undefined });
  expect(pageOf(['a', 'b', 'c', 'd'], id, { limit: 2, cursor: next ?? '' }).items).toEqual(['d']);
  expect(pageOf(['b', 'd', 'e'], id, { limit: 2, cursor: next ?? '' }).items).toEqual(['e']);
  expect(pageOf(['a', 'b'], id, { limit: 2, cursor: 'no cursor' }).items).toEqual(['a', 'b']);
});
