import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ApiEnv } from '../api-env.ts';
import type { ActRequest, FleetActs, FleetView } from '../ports.ts';
import { problemResponse } from '../problem-response.ts';

const maxBodyBytes = 16_384;
const maxReason = 500;

/** What operators may do; every act needs a reason and leaves an event. */
export function writeRoutes(acts: FleetActs, view: FleetView): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  const fleetAct =
    (run: (context: Context<ApiEnv>, act: ActRequest) => unknown, needsReason = true) =>
    async (context: Context<ApiEnv>) => {
      const refusal = refuseUnlessOperator(context, '*');
      if (refusal) return refusal;
      const act = await readAct(context, needsReason);
      if (act instanceof Response) return act;
      return context.json({ done: run(context, act) ?? true }, 202);
    };
  routes.post(
    '/sync',
    fleetAct((_, act) => acts.sync(act), false),
  );
  routes.post(
    '/stop',
    fleetAct((_, act) => acts.stop(act)),
  );
  routes.post(
    '/start',
    fleetAct((_, act) => acts.start(act)),
  );
  routes.post(
    '/approve/:sha',
    fleetAct((context, act) => acts.approve(context.req.param('sha') ?? '', act)),
  );
  const agentAct = (run: (uid: string, act: ActRequest) => void) => async (context: Context<ApiEnv>) => {
    const uid = context.req.param('uid') ?? '';
    const agent = await view.agent(context.get('grant').tenant, uid);
    if (!agent) return problemResponse(404, 'no such agent');
    const refusal = refuseUnlessOperator(context, agent.tenant);
    if (refusal) return refusal;
    const act = await readAct(context, true);
    if (act instanceof Response) return act;
    run(uid, act);
    return context.json({ done: true }, 202);
  };
  const rolloutAct =
    (run: (id: string, act: ActRequest, body: ActBody) => void) => async (context: Context<ApiEnv>) => {
      const body = await readBody(context, true);
      if (body instanceof Response) return body;
      const { tenant, config } = body.extra;
      const id =
        context.req.param('id') ??
        rolloutId(context.req.param('tenant') ?? tenant, context.req.param('config') ?? config);
      const refusal = refuseUnlessOperator(context, id.split('/', 1)[0] ?? '');
      if (refusal) return refusal;
      run(id, body.act, body);
      return context.json({ done: true }, 202);
    };
  const { rollouts } = acts;
  for (const name of ['pause', 'resume', 'abort', 'retry', 'approve'] as const)
    routes.post(
      `/rollouts/:id/${name}`,
      rolloutAct((id, act) => rollouts[name](id, act)),
    );
  routes.post(
    '/pins',
    rolloutAct((id, act, { extra }) =>
      rollouts.pin(id, extra.to === 'previous' ? 'previous' : 'last-good', act),
    ),
  );
  routes.delete(
    '/pins/:tenant/:config',
    rolloutAct((id, act) => rollouts.unpin(id, act)),
  );
  routes.get('/enrollments', (context) => {
    const items = acts.pendingAgents(context.get('grant').tenant);
    return context.json({ items, total: items.length, next: null });
  });
  routes.post('/agents/:uid/approve', async (context) => {
    const { role, tenant } = context.get('grant');
    if (role !== 'operator') return problemResponse(403, 'this needs the role operator');
    const body = await readBody(context, true);
    if (body instanceof Response) return body;
    await acts.approveAgent(context.req.param('uid'), tenant, body.act, body.extra.csrSha256);
    return context.json({ done: true }, 202);
  });
  routes.post('/agents/:uid/retry', agentAct(acts.retry));
  routes.post('/agents/:uid/restart', agentAct(acts.restart));
  return routes;
}

function refuseUnlessOperator(context: Context<ApiEnv>, tenant: string): Response | undefined {
  const grant = context.get('grant');
  if (grant.role !== 'operator') return problemResponse(403, 'this needs the role operator');
  if (grant.tenant !== '*' && grant.tenant !== tenant)
    return problemResponse(403, 'this needs a token for every tenant');
  return undefined;
}

/** No act needs a larger body. */
export function limitBody(): MiddlewareHandler {
  const onError = () => problemResponse(413, 'the body is too large');
  return bodyLimit({ maxSize: maxBodyBytes, onError });
}

interface ActBody {
  readonly act: ActRequest;
  /** The body's other members that are text. */
  readonly extra: Readonly<Record<string, string>>;
}

/** `config` is an AgentConfig's name, or `package/` and a Package's. */
function rolloutId(tenant: string | undefined, config: string | undefined): string {
  return `${tenant ?? ''}/${config ?? ''}`;
}

async function readAct(context: Context<ApiEnv>, needsReason: boolean): Promise<ActRequest | Response> {
  const body = await readBody(context, needsReason);
  return body instanceof Response ? body : body.act;
}

async function readBody(context: Context<ApiEnv>, needsReason: boolean): Promise<ActBody | Response> {
  const text = await context.req.text();
  const members = readMembers(text);
  if (members === undefined) return problemResponse(400, 'the body must be JSON such as {"reason":"why"}');
  const extra = Object.fromEntries(Object.entries(members).filter(isText));
  const reason = (extra.reason ?? '').trim();
  if (reason === '' && needsReason)
    return problemResponse(400, 'a reason is required', { detail: 'Send {"reason":"why"}.' });
  const { revision } = members;
  // An empty one would go with every commit: whoever names one is not to be taken for who names none.
  if (revision !== undefined && !isCommit(revision))
    return problemResponse(400, 'revision is no commit', {
      detail: 'Send its hash, or at least the first seven characters of it.',
    });
  return {
    act: {
      ...{ actor: context.get('grant').name, reason: reason.slice(0, maxReason) },
      ...(revision !== undefined && { revision: revision.toLowerCase() }),
    },
    extra,
  };
}

function isText(member: [string, unknown]): member is [string, string] {
  return typeof member[1] === 'string';
}

function isCommit(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{7,64}$/i.test(value);
}

function readMembers(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text === '') return {};
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? { ...body } : {};
  } catch {
    return undefined;
  }
}
