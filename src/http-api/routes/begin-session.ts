import type { Context } from 'hono';
import { setCookie } from 'hono/cookie';
import type { ApiEnv } from '../api-env.ts';
import type { Grant } from '../ports.ts';
import { type Sessions, sessionSeconds } from '../sessions.ts';

/** Name of the cookie that holds a session's secret name. */
export const sessionCookie = 'muster_session';

/** Begins a session for the browser that asks. */
export type BeginSession = (context: Context<ApiEnv>, grant: Grant) => void;

/** `secure`: browsers come over TLS, though a proxy may end it. */
export function createBeginSession(sessions: Sessions, secure: boolean): BeginSession {
  return (context, grant) =>
    setCookie(context, sessionCookie, sessions.begin(grant), {
      httpOnly: true,
      sameSite: 'Strict',
      secure: secure || new URL(context.req.url).protocol === 'https:',
      path: '/',
      maxAge: sessionSeconds,
    });
}
