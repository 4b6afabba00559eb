import type { Context } from 'hono';
import type { ApiEnv } from '../api-env.ts';
import type { SignInLimit } from '../ports.ts';
import { problemResponse } from '../problem-response.ts';

/** What a route needs to slow down whoever keeps failing. */
export interface AttemptDeps {
  readonly limit: SignInLimit;
  /** The address of the socket's peer. */
  readonly addressOf: (context: Context<ApiEnv>) => string;
}

/** The answer to an address that failed too often. */
export function tooManyAttempts(seconds: number): Response {
  const response = problemResponse(429, 'too many failed attempts to sign in', {
    detail: `Try again in ${seconds} s.`,
  });
  response.headers.set('retry-after', String(seconds));
  return response;
}
