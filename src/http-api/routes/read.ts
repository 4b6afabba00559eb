import { type Context, Hono } from 'hono';
import { agentSorts, stepStandings } from '../../model/index.ts';
import { parseSelectorLine } from '../../selectors/index.ts';
import type { ApiEnv } from '../api-env.ts';
import { selectRevisions, selectRollouts, selectTenants } from '../list-queries.ts';
import { type PageQuery, pageOf } from '../paging.ts';
import type { AgentQuery, FleetView } from '../ports.ts';
import { problemResponse } from '../problem-response.ts';

const maxPage = 1000;

/** Everything that can be asked; a token of one tenant gets 404 for what is another's. */
export function readRoutes(view: FleetView): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get('/fleet', async (context) => context.json(await view.fleet(context.get('grant').tenant)));
  routes.get('/tenants', async (context) => {
    const found = selectTenants(await view.tenants(context.get('grant').tenant), context.req.query());
    return context.json(pageOf(found, ({ tenant }) => tenant, pageQuery(context)));
  });
  routes.get('/tenants/:tenant', async (context) => {
    const name = context.req.param('tenant');
    const scope = context.get('grant').tenant;
    const isInScope = scope === '*' || scope === name;
    const [tenant] = isInScope && name !== '*' ? await view.withConfigs(await view.tenants(name)) : [];
    return tenant ? context.json(tenant) : problemResponse(404, 'no such tenant');
  });
  routes.get('/agents', async (context) => {
    const query = parseAgentQuery(context.req.query());
    if ('error' in query) return badQuery(query);
    const page = await view.agents(context.get('grant').tenant, query);
    return 'error' in page ? badQuery(page) : context.json(page);
  });
  routes.get('/agents/:uid', async (context) => {
    const agent = await view.agent(context.get('grant').tenant, context.req.param('uid'));
    return agent ? context.json(agent) : problemResponse(404, 'no such agent');
  });
  routes.get('/agents/:uid/diff', async (context) => {
    const diff = await view.diff(context.get('grant').tenant, context.req.param('uid'));
    return diff ? context.json(diff) : problemResponse(404, 'no such agent');
  });
  routes.get('/agents/:uid/why', (context) => {
    const why = view.why(context.get('grant').tenant, context.req.param('uid'));
    return why ? context.json(why) : problemResponse(404, 'no such agent');
  });
  routes.get('/configs/:tenant/:config', async (context) => {
    const { tenant, config } = context.req.param();
    const found = await view.config(context.get('grant').tenant, tenant, config);
    return found ? context.json(found) : problemResponse(404, 'no such AgentConfig');
  });
  routes.get('/configs/:tenant/:config/desired', async (context) => {
    const { tenant, config } = context.req.param();
    const found = await view.desired(context.get('grant').tenant, tenant, config, context.req.query('hash'));
    return found ? context.json(found) : problemResponse(404, 'no such rendering');
  });
  routes.get('/find', async (context) => {
    const text = (context.req.query('q') ?? '').trim().toLowerCase();
    return context.json(text === '' ? nothingFound : await find(view, context.get('grant').tenant, text));
  });
  addRevisionRoutes(routes, view);
  addEventRoutes(routes, view);
  return routes;
}

function addRevisionRoutes(routes: Hono<ApiEnv>, view: FleetView): void {
  routes.get('/revisions', (context) => {
    const items = selectRevisions(view.revisions(context.get('grant').tenant), context.req.query());
    return context.json(pageOf(items, ({ sha }) => sha, pageQuery(context)));
  });
  routes.get('/revisions/:sha', async (context, next) => {
    if (context.req.query('include') !== 'summary') return next();
    const summary = view.revision(context.get('grant').tenant, context.req.param('sha'));
    return summary ? context.json(summary) : notSeen(context.req.param('sha'));
  });
  routes.get('/revisions/:sha', async (context) => {
    const report = await view.report(context.get('grant').tenant, context.req.param('sha'));
    if (!report) return notSeen(context.req.param('sha'));
    return context.json(context.req.query('full') === '1' ? report : cutReport(report));
  });
  routes.get('/rollouts', async (context) => {
    const found = selectRollouts(await view.rollouts(context.get('grant').tenant), context.req.query());
    const page = pageOf(found, ({ id }) => id, pageQuery(context));
    return context.json({ ...page, items: view.showRollouts(page.items.map(({ id }) => id)) });
  });
  routes.get('/rollouts/:id', async (context) => {
    const found = await view.rollout(context.get('grant').tenant, context.req.param('id'));
    return found ? context.json(found) : problemResponse(404, 'no such rollout');
  });
  routes.get('/rollouts/:id/changes', async (context) => {
    const found = await view.rolloutChanges(context.get('grant').tenant, context.req.param('id'));
    return found ? context.json(found) : problemResponse(404, 'no such rollout of an AgentConfig');
  });
  routes.get('/problems', async (context) => {
    const { limit, ...query } = context.req.query();
    const asked = pick(query, ['tenant', 'severity', 'code', 'cursor']);
    return context.json(
      await view.problems(context.get('grant').tenant, { ...asked, limit: clampLimit(limit) }),
    );
  });
}

function addEventRoutes(routes: Hono<ApiEnv>, view: FleetView): void {
  routes.get('/events/history', async (context) => {
    const before = context.req.query('before');
    const limit = clampLimit(context.req.query('limit'));
    const { kind, tenant, agent } = context.req.query();
    const { items, next } = await view.events(context.get('grant').tenant, {
      limit,
      ...(before !== undefined && { before }),
      ...(kind !== undefined && { kind }),
      ...(tenant !== undefined && { tenant }),
      ...(agent !== undefined && { agent }),
    });
    return context.json({ items, total: items.length, next });
  });
}

function parseAgentQuery(query: Record<string, string>): AgentQuery | BadQuery {
  const { tenant, config, selector, delivery, health, sync, connected, problem, version, cursor, q } = query;
  const parsed = selector === undefined || selector === '' ? undefined : parseSelectorLine(selector);
  if (parsed && 'error' in parsed) return { error: 'bad selector', detail: parsed.error };
  if (connected !== undefined && connected !== 'true' && connected !== 'false')
    return { error: 'connected must be true or false' };
  const placed = parsePlace(query);
  if ('error' in placed) return placed;
  return {
    limit: clampLimit(query.limit),
    ...(tenant !== undefined && { tenant }),
    ...(parsed && { selector: parsed.selector }),
    ...(delivery !== undefined && { delivery }),
    ...(health !== undefined && { health }),
    ...(config !== undefined && { config }),
    ...(sync !== undefined && { sync }),
    ...((problem === 'drift' || problem === 'wrongConfig') && { problem }),
    ...(version !== undefined && { version }),
    ...placed,
    ...pick(query, ['rollout', 'step', 'revision', 'hash']),
    ...(q !== undefined && q !== '' && { text: q }),
    ...(query.uids !== undefined && { uids: query.uids.split(',').slice(0, maxUids) }),
    ...(query.facets !== undefined && { facets: query.facets.split(',').filter((name) => facets.has(name)) }),
    ...(connected !== undefined && { connected: connected === 'true' }),
    ...(cursor !== undefined && { cursor }),
  };
}

interface BadQuery {
  readonly error: string;
  readonly detail?: string;
}

function badQuery({ error, detail }: BadQuery): Response {
  return problemResponse(400, error, detail === undefined ? {} : { detail });
}

/** What has a few words of its own or goes with others; `revision` only has to look like a commit. */
function parsePlace({
  rollout,
  step,
  standing,
  sort,
  revision,
}: Record<string, string>): Pick<AgentQuery, 'standing' | 'sort'> | BadQuery {
  if (rollout === undefined && (step !== undefined || standing !== undefined))
    return { error: 'step and standing go with a rollout' };
  if (standing !== undefined && !isOneOf(stepStandings, standing))
    return { error: `standing must be one of ${stepStandings.join(', ')}` };
  if (sort !== undefined && !isOneOf(agentSorts, sort))
    return { error: `sort must be one of ${agentSorts.join(', ')}` };
  if (revision !== undefined && !/^[0-9a-f]{4,64}$/.test(revision))
    return { error: 'revision must be a commit, or how one begins: 4 hex digits or more' };
  return { ...(standing !== undefined && { standing }), ...(sort !== undefined && { sort }) };
}

function isOneOf<Name extends string>(names: readonly Name[], name: string): name is Name {
  return (names as readonly string[]).includes(name);
}

/** Those members that there are. */
function pick<Name extends string>(
  query: Readonly<Record<string, string>>,
  names: readonly Name[],
): Readonly<Partial<Record<Name, string>>> {
  const there = names.flatMap((name) => (query[name] === undefined ? [] : [[name, query[name]]]));
  return Object.fromEntries(there);
}

const maxFound = 8;
const nothingFound = { agents: [], tenants: [], configs: [], revisions: [] };

/** What a few letters may mean; 8 in all. */
async function find(view: FleetView, scope: string, text: string) {
  const tenants = view.names(scope);
  const names = tenants.map(({ tenant }) => tenant).filter((name) => name.includes(text));
  const revisions = view
    .revisions(scope)
    .filter(({ sha, subject }) => sha.startsWith(text) || subject.toLowerCase().includes(text));
  const page = await view.agents(scope, { text, limit: maxFound });
  const items = 'error' in page ? [] : page.items;
  return {
    agents: items.slice(0, 4).map(({ uid, host, tenant }) => ({ uid, host, tenant })),
    tenants: names.slice(0, 2),
    configs: findConfigs(tenants, text, 2),
    revisions: revisions.slice(0, 2).map(({ sha, subject }) => ({ sha, subject })),
  };
}

/** The first few AgentConfigs, as `<tenant>/<config>`, whose name has these letters. */
function findConfigs(tenants: ReturnType<FleetView['names']>, text: string, most: number): readonly string[] {
  const found: string[] = [];
  for (const { tenant, configs } of tenants)
    for (const config of configs) {
      const name = `${tenant}/${config}`;
      if (name.includes(text)) found.push(name);
      if (found.length === most) return found;
    }
  return found;
}

function notSeen(sha: string): Response {
  return problemResponse(404, `this server has not seen ${sha.slice(0, 12)}`);
}

const maxUids = 200;
const facets = new Set(['tenant', 'config', 'sync', 'health', 'delivery', 'connected', 'version']);

function pageQuery(context: Context<ApiEnv>): PageQuery {
  return { limit: clampLimit(context.req.query('limit')), cursor: context.req.query('cursor') };
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
