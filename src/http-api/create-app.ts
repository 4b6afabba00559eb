import { getConnInfo } from '@hono/node-server/conninfo';
import { type Context, Hono } from 'hono';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import type { ApiEnv } from './api-env.ts';
import { onceByKey } from './idempotency.ts';
import type { Metrics } from './metrics.ts';
import { openApi } from './openapi.ts';
import { pageRoutes } from './page/page-routes.ts';
import type { Page } from './page/read-page.ts';
import type {
  Authorization,
  CallerFacts,
  FleetActs,
  FleetView,
  PlanDesk,
  Readiness,
  ReceiveWebhook,
  SignInLimit,
  SingleSignOnPort,
} from './ports.ts';
import { errorResponse, problemResponse } from './problem-response.ts';
import { createBeginSession } from './routes/begin-session.ts';
import { planRoutes } from './routes/plans.ts';
import { readRoutes } from './routes/read.ts';
import { grantOfCookie, sessionRoutes, signInRoutes } from './routes/session.ts';
import { singleSignOnRoutes } from './routes/single-sign-on.ts';
import { streamRoutes } from './routes/stream.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { limitBody, writeRoutes } from './routes/write.ts';
import { createSessions } from './sessions.ts';

export interface HttpApiDeps {
  readonly view: FleetView;
  readonly acts: FleetActs;
  readonly metrics: Metrics;
  readonly authorize: (caller: CallerFacts) => Authorization;
  /** Whether there are tokens that people could sign in with. */
  readonly takesTokens: boolean;
  /** The OpenID provider, where one is configured. */
  readonly singleSignOn: SingleSignOnPort | undefined;
  readonly signInLimit: SignInLimit;
  readonly readiness: () => Readiness;
  readonly publicMetrics: boolean;
  readonly receiveWebhook: ReceiveWebhook;
  readonly plans: PlanDesk;
  /** The built web page; undefined where it was not built. */
  readonly page: Page | undefined;
  /** Where the page is mounted: a path with a slash at both ends. */
  readonly basePath: string;
  /** Whether its public address is https. */
  readonly secure: boolean;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly server: { readonly version: string; readonly name: string | null };
}

/** The API, probes and metrics as one Hono app (contract.md, "HTTP"). */
export function createApp(deps: HttpApiDeps): Hono<ApiEnv> {
  const app = new Hono<ApiEnv>();
  app.onError((error) => errorResponse(error));
  app.notFound(() => problemResponse(404, 'no such resource'));
  app.get('/healthz', (context) => context.json({ status: 'ok' }));
  app.get('/readyz', (context) => {
    const { ready, body } = deps.readiness();
    return context.json(body, ready ? 200 : 503);
  });
  app.route('/api/v1', webhookRoutes(deps.receiveWebhook));
  app.use('*', compress());
  const sessions = createSessions(deps.now);
  const session = {
    sessions,
    beginSession: createBeginSession(sessions, deps.secure),
    limit: deps.signInLimit,
    addressOf: (context: Context<ApiEnv>) => getConnInfo(context).remote.address ?? '',
    ways: { token: deps.takesTokens, singleSignOn: deps.singleSignOn?.label ?? null },
    authorizeToken: (context: Context<ApiEnv>, token: string) =>
      deps.authorize({ ...factsOf(context), authorization: `Bearer ${token}` }),
    server: () => deps.server,
  };
  const authorize = (context: Context<ApiEnv>): Authorization => {
    const known = context.req.header('authorization') === undefined && grantOfCookie(context, sessions);
    return known ? { kind: 'granted', grant: known } : deps.authorize(factsOf(context));
  };
  app.route('/api/v1', signInRoutes(session));
  app.route('/api/v1', singleSignOnRoutes({ ...session, provider: deps.singleSignOn }));
  app.route('/', pageRoutes(deps.page, deps.basePath));
  app.use('*', async (context, next) => {
    if (context.req.path === '/metrics' && deps.publicMetrics) return next();
    const decision = authorize(context);
    if (decision.kind === 'refused') return refuse(decision.status, decision.reason);
    context.set('grant', decision.grant);
    await next();
    context.header('x-content-type-options', 'nosniff');
    context.header('cache-control', 'no-store');
  });
  app.get('/metrics', async (context) => {
    if (!deps.publicMetrics && context.get('grant').tenant !== '*')
      return problemResponse(403, 'metrics need a token for every tenant');
    return context.body(await deps.metrics.text(), 200, { 'content-type': deps.metrics.contentType });
  });
  app.get('/api/openapi.json', (context) => context.json(openApi));
  const holds = (context: Context<ApiEnv>) => authorize(context).kind === 'granted';
  app.route('/api/v1', streamRoutes(deps.view, deps.server.version, holds));
  app.use('/api/v1/*', etag());
  app.route('/api/v1', sessionRoutes(session));
  app.route('/api/v1', readRoutes(deps.view));
  app.on(['POST', 'DELETE'], '/api/v1/*', limitBody(), onceByKey(deps));
  app.route('/api/v1', planRoutes(deps.plans));
  app.route('/api/v1', writeRoutes(deps.acts, deps.view));
  return app;
}

function refuse(status: 401 | 403, reason: string): Response {
  const response = problemResponse(status, reason);
  if (status === 401) response.headers.set('www-authenticate', 'Bearer realm="muster"');
  return response;
}

function factsOf(context: Context<ApiEnv>): CallerFacts {
  return callerFacts(context.req.raw.headers, getConnInfo(context).remote.address);
}

function callerFacts(headers: Headers, peer: string | undefined): CallerFacts {
  return {
    authorization: headers.get('authorization') ?? undefined,
    peerLoopback: isLoopback(peer),
    host: headers.get('host') ?? undefined,
    origin: headers.get('origin') ?? undefined,
    forwarded: [...headers.keys()].some((name) => name === 'forwarded' || name.startsWith('x-forwarded-')),
  };
}

function isLoopback(address: string | undefined): boolean {
  if (address === undefined) return false;
  return address === '::1' || address.startsWith('127.') || address.startsWith('::ffff:127.');
}
