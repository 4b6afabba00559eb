import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isMusterError, MusterError } from '../model/index.ts';
import { lookupPublic, PrivateAddressError, refusePrivateHost } from '../runtime/index.ts';
import type { Payload } from './destination.ts';

/** Posts a payload. Throws `NOTIFY_FAILED` where it is worth another attempt and `NOTIFY_REFUSED` where it is not, without the URL in them. */
export type PostPayload = (url: URL, payload: Payload, signal: AbortSignal) => Promise<void>;

export interface PostOptions {
  /** Milliseconds for one request, answer included. */
  readonly timeoutMs: number;
  /** Whether `http:` and hosts with private addresses may be posted to. */
  readonly allowPrivate: boolean;
}

/** Longest wait that a receiver can impose, in milliseconds. */
const maxWaitMs = 3_600_000;

/** Posts over https without following redirects; the answer's body is not read. */
export function createPost({ timeoutMs, allowPrivate }: PostOptions): PostPayload {
  return async (url, payload, signal) => {
    try {
      if (!allowPrivate) refusePrivateHost(url);
      const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      judgeAnswer(await send(url, payload, allowPrivate, limit));
    } catch (error) {
      throw isMusterError(error) ? error : unreachable(error);
    }
  };
}

function send(
  url: URL,
  { body, headers }: Payload,
  allowPrivate: boolean,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const request = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      signal,
      agent: false,
      headers: { 'content-type': 'application/json', 'user-agent': 'muster', ...headers },
      ...(allowPrivate ? {} : { lookup: lookupPublic }),
    });
    sent.once('response', (response) => {
      response.destroy();
      resolve(response);
    });
    sent.once('error', reject);
    sent.end(body);
  });
}

function judgeAnswer({ statusCode = 0, headers }: IncomingMessage): void {
  if (statusCode >= 200 && statusCode < 300) return;
  const said = `it answers ${statusCode}`;
  const isLater = statusCode === 408 || statusCode === 425 || statusCode === 429 || statusCode >= 500;
  if (!isLater) {
    const hint = 'Check the URL of this destination: make it anew where it is made.';
    throw new MusterError('NOTIFY_REFUSED', said, { disposition: 'stalled', hint });
  }
  const retryAfterMs = parseRetryAfter(headers['retry-after'], headers.date);
  throw failed(said, retryAfterMs);
}

/** Seconds, or a date that counts from the answer's own. */
function parseRetryAfter(asked = '', sent = ''): number | undefined {
  if (/^\d{1,9}$/.test(asked)) return Math.min(maxWaitMs, Number(asked) * 1000);
  const [at, from] = [Date.parse(asked), Date.parse(sent)];
  if (Number.isNaN(at) || Number.isNaN(from)) return undefined;
  return Math.min(maxWaitMs, Math.max(0, at - from));
}

/** What an error of the network says may hold the URL: its code does not. */
function unreachable(error: unknown): MusterError {
  if (error instanceof PrivateAddressError)
    return new MusterError('NOTIFY_REFUSED', 'it has a private address', {
      disposition: 'stalled',
      hint: 'Set notify.allowPrivate where that is meant.',
    });
  const { code, name } = error as { code?: unknown; name?: unknown };
  return failed(`it cannot be reached: ${String(code ?? name)}`, undefined);
}

function failed(message: string, retryAfterMs: number | undefined): MusterError {
  return new MusterError('NOTIFY_FAILED', message, {
    disposition: 'transient',
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
