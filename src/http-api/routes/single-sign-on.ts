import { type Context, Hono } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import type { ApiEnv } from '../api-env.ts';
import type { SingleSignOnPort } from '../ports.ts';
import { problemResponse } from '../problem-response.ts';
import type { BeginSession } from './begin-session.ts';
import type { AttemptDeps } from './limit-attempts.ts';
import { safeReturn } from './safe-return.ts';

const cookieName = 'muster_sign_in';

export interface SingleSignOnDeps extends AttemptDeps {
  /** Undefined where none is configured. */
  readonly provider: SingleSignOnPort | undefined;
  readonly beginSession: BeginSession;
}

/** Sends browsers to the OpenID provider, and takes them back; whatever goes wrong is told by the page. */
export function singleSignOnRoutes(deps: SingleSignOnDeps): Hono<ApiEnv> {
  const { provider, limit, addressOf } = deps;
  const routes = new Hono<ApiEnv>();
  if (!provider) {
    routes.get('/sign-in/oidc/*', () => problemResponse(404, 'no OpenID provider is configured'));
    return routes;
  }
  const { baseUrl } = provider;
  const cookie = {
    httpOnly: true,
    // The provider is another site, and its browser comes back by a plain link.
    sameSite: 'Lax',
    secure: baseUrl.startsWith('https:'),
    path: new URL(baseUrl).pathname,
  } as const;

  routes.get('/sign-in/oidc', async (context) => {
    const returnTo = safeReturn(context.req.query('to'), baseUrl);
    const begun = await provider.begin(returnTo);
    if (!begun) return leave(context, faultUrl(baseUrl, 'unavailable', returnTo));
    setCookie(context, cookieName, begun.sealed, { ...cookie, maxAge: provider.lastsSeconds });
    return leave(context, begun.url);
  });

  routes.get('/sign-in/oidc/callback', async (context) => {
    const address = addressOf(context);
    if (limit.blockedFor(address) > 0) return leave(context, faultUrl(baseUrl, 'limited'));
    const { state, code, error, iss } = context.req.query();
    const outcome = await provider.finish(getCookie(context, cookieName) ?? '', {
      ...(state !== undefined && { state }),
      ...(code !== undefined && { code }),
      ...(error !== undefined && { error }),
      ...(iss !== undefined && { iss }),
    });
    deleteCookie(context, cookieName, cookie);
    if (outcome.kind === 'refused') {
      limit.recordFailure(address);
      return leave(context, faultUrl(baseUrl, outcome.fault, outcome.returnTo));
    }
    deps.beginSession(context, outcome.grant);
    return leave(context, outcome.returnTo);
  });
  return routes;
}

/** Nobody keeps the answer, and nobody is told the address with its code. */
function leave(context: Context<ApiEnv>, url: string): Response {
  context.header('cache-control', 'no-store');
  context.header('referrer-policy', 'no-referrer');
  return context.redirect(url, 302);
}

/** The sign-in page, with why and where to go on. */
function faultUrl(baseUrl: string, fault: string, returnTo?: string): string {
  const url = new URL('sign-in', baseUrl);
  url.searchParams.set('fault', fault);
  const to = returnTo?.slice(baseUrl.length) ?? '';
  if (to !== '') url.searchParams.set('to', to);
  return url.href;
}
