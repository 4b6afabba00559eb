import { isMusterError } from '../model/index.ts';

/** RFC 9457 problem details. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly [extension: string]: unknown;
}

/** A problem+json answer. */
export function problemResponse(
  status: number,
  title: string,
  extra: Readonly<Record<string, unknown>> = {},
): Response {
  const body: ProblemDetails = { type: 'about:blank', title, status, ...extra };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });
}

/** What a request itself is to blame for; everything else may pass. */
const statuses: Readonly<Record<string, number>> = {
  NOT_FOUND: 404,
  REQUEST_CHANGED: 409,
  AGENT_NOT_CONNECTED: 409,
  AGENT_CANNOT: 409,
  NOTHING_TO_PIN: 409,
  ROLLOUT_MOVED_ON: 409,
};

/** The answer to a thrown error: our own errors say what to do, others say nothing of the inside. */
export function errorResponse(error: unknown): Response {
  if (!isMusterError(error)) return problemResponse(500, 'internal error');
  const status = statuses[error.code] ?? 503;
  const detail = error.hint === undefined ? {} : { detail: error.hint };
  return problemResponse(status, error.message, { code: error.code, ...detail });
}
