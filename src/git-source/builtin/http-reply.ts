import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { gitError } from '../git-errors.ts';

/** The head of a reply from a Git host. */
export interface ReplyHead {
  readonly url: URL;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Milliseconds since the epoch, for `Retry-After` dates. */
  readonly now: number;
}

const maxRetryAfterMs = 3_600_000;

/** `Retry-After` in milliseconds (seconds or a date, at most an hour), or undefined. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), maxRetryAfterMs) : undefined;
}

function refusal(head: ReplyHead) {
  const { status, headers, now } = head;
  const where = head.url.host;
  const retryAfterMs = parseRetryAfter(headers['retry-after'], now);
  const details = retryAfterMs === undefined ? {} : { retryAfterMs };
  const throttled = status === 429 || headers['x-ratelimit-remaining'] === '0' || retryAfterMs !== undefined;
  if (status === 401) return gitError('GIT_AUTH', `${where} does not accept the credentials (401)`);
  if (status === 203) return gitError('GIT_AUTH', `${where} asks to sign in (203)`);
  if (throttled) return gitError('GIT_THROTTLED', `${where} limits our requests (${status})`, details);
  if (status === 403) return gitError('GIT_FORBIDDEN', `${where} denies access (403)`);
  if (status === 404 || status === 410) {
    return gitError('GIT_NOT_FOUND', `${where} knows no such repository (${status})`);
  }
  if (status >= 500) return gitError('GIT_UNREACHABLE', `${where} answers ${status}`, details);
  return gitError('GIT_BAD_REPLY', `${where} answers ${status}`);
}

/** Throws unless the reply is a 200 of the smart Git protocol; a refused reply's body is let go. */
export function checkReply(head: ReplyHead, reply: IncomingMessage): void {
  const type = head.headers['content-type'] ?? '';
  if (head.status === 200 && /^application\/x-git-[a-z-]+-(advertisement|result)$/.test(type)) return;
  reply.destroy();
  if (head.status !== 200) throw refusal(head);
  if (/html/.test(type)) {
    throw gitError('GIT_AUTH', `${head.url.host} sent a web page, as hosts do that want a sign-in`);
  }
  throw gitError(
    'GIT_BAD_REPLY',
    `${head.url.host} is not a smart Git server here (${type || 'no content type'})`,
  );
}
