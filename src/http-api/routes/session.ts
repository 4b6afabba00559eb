import { type Context, Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { deleteCookie, getCookie } from 'hono/cookie';
import type { SessionView, SignInView } from '../../model/index.ts';
import type { ApiEnv } from '../api-env.ts';
import type { Authorization, Grant } from '../ports.ts';
import { problemResponse } from '../problem-response.ts';
import type { Sessions } from '../sessions.ts';
import { type BeginSession, sessionCookie } from './begin-session.ts';
import { type AttemptDeps, tooManyAttempts } from './limit-attempts.ts';

const maxBodyBytes = 4_096;

/** What the routes of a session need. */
export interface SessionDeps extends AttemptDeps {
  readonly sessions: Sessions;
  readonly beginSession: BeginSession;
  /** Judges a token that is typed in. */
  readonly authorizeToken: (context: Context<ApiEnv>, token: string) => Authorization;
  readonly server: () => { readonly version: string; readonly name: string | null };
  readonly ways: SignInView;
}

/** Signing in swaps a token for a cookie that scripts cannot read: an event stream of a browser sends no header. */
export function signInRoutes(deps: SessionDeps): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get('/sign-in', (context) => context.json(deps.ways, 200, { 'cache-control': 'no-store' }));
  routes.post('/session', bodyLimit({ maxSize: maxBodyBytes }), async (context) => {
    if (!isSameOrigin(context)) return problemResponse(403, 'requests of other sites are refused');
    const body: unknown = await context.req.json().catch(() => undefined);
    const token = typeof body === 'object' && body !== null && 'token' in body ? body.token : undefined;
    if (typeof token !== 'string' || token === '') return problemResponse(400, 'send {"token":"…"}');
    const address = deps.addressOf(context);
    const seconds = deps.limit.blockedFor(address);
    if (seconds > 0) return tooManyAttempts(seconds);
    const decision = deps.authorizeToken(context, token);
    if (decision.kind === 'refused') {
      deps.limit.recordFailure(address);
      return problemResponse(decision.status, decision.reason);
    }
    deps.beginSession(context, decision.grant);
    return context.body(null, 204);
  });
  return routes;
}

/** Who is signed in, and signing out. */
export function sessionRoutes({ sessions, server }: SessionDeps): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.get('/session', (context) => {
    const { name, role, tenant } = context.get('grant');
    const { version, name: serverName } = server();
    const loopback = getCookie(context, sessionCookie) === undefined && name === 'this computer';
    const view: SessionView = {
      ...{ name, role, loopback, version, server: serverName },
      tenant: tenant === '*' ? null : tenant,
    };
    return context.json(view);
  });
  routes.delete('/session', (context) => {
    sessions.end(getCookie(context, sessionCookie));
    deleteCookie(context, sessionCookie, { path: '/' });
    return context.body(null, 204);
  });
  return routes;
}

/** The grant of the request's cookie; one of another site's page counts for nothing where it would change something. */
export function grantOfCookie(context: Context<ApiEnv>, sessions: Sessions): Grant | undefined {
  const grant = sessions.find(getCookie(context, sessionCookie));
  if (!grant) return undefined;
  return context.req.method === 'GET' || isSameOrigin(context) ? grant : undefined;
}

function isSameOrigin(context: Context<ApiEnv>): boolean {
  const [origin, host] = [context.req.header('origin'), context.req.header('host')];
  return origin === undefined || URL.parse(origin)?.host === host;
}
