import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Page } from '../../model/index.ts';
import { parseSelectorLine } from '../../selectors/index.ts';
import type { ApiEnv } from '../api-env.ts';
import type { AgentQuery, FleetView } from '../ports.ts';
import { problemResponse } from '../problem-response.ts';

const maxPage = 1000;
/** Events that wait for one reader of the stream. */
const maxUnreadEvents = 1000;

/** Everything that can be asked; a token of one tenant gets 404 for what is another's. */
export function readRoutes(view: FleetView): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get('/fleet', (context) => context.json(view.fleet(context.get('grant').tenant)));
  routes.get('/tenants', (context) => {
    const items = view.tenants(context.get('grant').tenant);
    return context.json({ items, total: items.length, next: null } satisfies Page<unknown>);
  });
  routes.get('/tenants/:tenant', (context) => {
    const tenant = view
      .tenants(context.get('grant').tenant)
      .find((one) => one.tenant === context.req.param('tenant'));
    return tenant ? context.json(tenant) : problemResponse(404, 'no such tenant');
  });
  routes.get('/agents', (context) => {
    const query = parseAgentQuery(context.req.query());
    return query instanceof Response ? query : context.json(view.agents(context.get('grant').tenant, query));
  });
  routes.get('/agents/:uid', async (context) => {
    const agent = await view.agent(context.get('grant').tenant, context.req.param('uid'));
    return agent ? context.json(agent) : problemResponse(404, 'no such agent');
  });
  routes.get('/agents/:uid/diff', async (context) => {
    const diff = await view.diff(context.get('grant').tenant, context.req.param('uid'));
    return diff ? context.json(diff) : problemResponse(404, 'no such agent');
  });
  addRevisionRoutes(routes, view);
  addEventRoutes(routes, view);
  return routes;
}

function addRevisionRoutes(routes: Hono<ApiEnv>, view: FleetView): void {
  routes.get('/revisions', (context) => {
    const items = view.revisions(context.get('grant').tenant);
    return context.json({ items, total: items.length, next: null });
  });
  routes.get('/revisions/:sha', async (context) => {
    const report = await view.report(context.get('grant').tenant, context.req.param('sha'));
    if (!report)
      return problemResponse(404, `this server has not seen ${context.req.param('sha').slice(0, 12)}`);
    return context.json(context.req.query('full') === '1' ? report : cutReport(report));
  });
  routes.get('/rollouts', (context) => {
    const items = view.rollouts(context.get('grant').tenant);
    return context.json({ items, total: items.length, next: null });
  });
  routes.get('/rollouts/:id', (context) => {
    const id = context.req.param('id');
    const found = view.rollouts(context.get('grant').tenant).find((rollout) => rollout.id === id);
    return found ? context.json(found) : problemResponse(404, 'no such rollout');
  });
  routes.get('/problems', (context) => {
    const items = view.problems(context.get('grant').tenant);
    return context.json({ items: items.slice(0, maxPage), total: items.length, next: null });
  });
}

function addEventRoutes(routes: Hono<ApiEnv>, view: FleetView): void {
  routes.get('/events/history', async (context) => {
    const before = context.req.query('before');
    const limit = clampLimit(context.req.query('limit'));
    const items = await view.events(context.get('grant').tenant, {
      limit,
      ...(before !== undefined && { before }),
    });
    return context.json({ items, total: items.length, next: items.at(-1)?.id ?? null });
  });
  routes.get('/events', (context) =>
    streamSSE(context, async (stream) => {
      await stream.writeSSE({ event: 'hello', data: JSON.stringify({ role: context.get('grant').role }) });
      let unread = 0;
      const stop = view.onEvent(context.get('grant').tenant, (event) => {
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
      await new Promise<void>((resolve) => stream.onAbort(resolve));
      stop();
    }),
  );
}

function parseAgentQuery(query: Record<string, string>): AgentQuery | Response {
  const { tenant, selector, delivery, health, connected, cursor } = query;
  const parsed = selector === undefined || selector === '' ? undefined : parseSelectorLine(selector);
  if (parsed && 'error' in parsed) return problemResponse(400, 'bad selector', { detail: parsed.error });
  if (connected !== undefined && connected !== 'true' && connected !== 'false')
    return problemResponse(400, 'connected must be true or false');
  return {
    limit: clampLimit(query.limit),
    ...(tenant !== undefined && { tenant }),
    ...(parsed && { selector: parsed.selector }),
    ...(delivery !== undefined && { delivery }),
    ...(health !== undefined && { health }),
    ...(connected !== undefined && { connected: connected === 'true' }),
    ...(cursor !== undefined && { cursor }),
  };
}

function clampLimit(text: string | undefined): number {
  const limit = Number(text ?? 100);
  return Number.isInteger(limit) && limit > 0 ? Math.min(limit, maxPage) : 100;
}

const maxReportedAgents = 200;

/** Failures and a sample, as in the note; `?full=1` gives all. */
function cutReport<Report extends { readonly agents: readonly { readonly delivery: string }[] }>(
  report: Report,
): Report {
  if (report.agents.length <= maxReportedAgents) return report;
  const failed = report.agents.filter(
    ({ delivery }) => delivery === 'failed' || delivery === 'held' || delivery === 'conflict',
  );
  return { ...report, agents: failed.slice(0, maxReportedAgents), truncated: true };
}
