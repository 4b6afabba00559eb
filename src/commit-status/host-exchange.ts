import { isMusterError } from '../model/index.ts';
import type { Clock } from '../runtime/index.ts';
import { classifyAnswer } from './classify-answer.ts';
import { createHostError, hostErrorCodes } from './host-error.ts';
import { hostMessage, networkReason, redactSecrets } from './host-message.ts';
import type { HostAnswer, HostRequest } from './host-request.ts';
import { sameOrigin } from './next-page.ts';
import { readBody } from './read-body.ts';
import { parseRetryAfter } from './retry-after.ts';

/** One request with the headers that prove who sends it. */
export interface Call {
  readonly request: HostRequest;
  readonly url: URL;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Sends one request and decodes its answer, within the time limit and the origin. */
export type Exchange = (call: Call, signal: AbortSignal) => Promise<HostAnswer>;

export interface ExchangeDeps {
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

export interface ExchangeOptions {
  /** Names the host in messages. */
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

const maxRedirects = 3;

/** An exchange that follows redirects within the origin only, and whose errors hold no secret. */
export function createExchange(deps: ExchangeDeps, options: ExchangeOptions): Exchange {
  const send = async (call: Call, url: URL, hop: number, signal: AbortSignal): Promise<HostAnswer> => {
    const response = await deps.fetch(url, toInit(call, options.headers, signal));
    const text = await readBody(response);
    const moved = hop < maxRedirects ? movedTo(response, url) : undefined;
    if (moved) return send(call, moved, hop + 1, signal);
    const body = decodeJson(response, text);
    if (response.ok && response.status !== 203 && body !== notJson)
      return { headers: response.headers, body, url, unchanged: false };
    if (response.status === 304 && call.request.knownAs !== undefined)
      return { headers: response.headers, body: undefined, url, unchanged: true };
    const code = classifyAnswer({
      status: response.status,
      headers: response.headers,
      text: text.slice(0, 8192),
    });
    const said = redactSecrets(hostMessage(text), call.secrets);
    const message = `${label(call, options)}: ${response.status} ${said}`.trimEnd();
    throw createHostError(code, message, parseRetryAfter(response.headers, deps.clock.now()));
  };
  return async (call, signal) => {
    const deadline = new AbortController();
    const cancel = deps.clock.after(options.timeoutMs, () => deadline.abort());
    try {
      return await send(call, call.url, 0, AbortSignal.any([signal, deadline.signal]));
    } catch (error) {
      if (isMusterError(error) || signal.aborted) throw error;
      const why = deadline.signal.aborted ? 'no answer in time' : networkReason(error);
      throw createHostError(hostErrorCodes.unreachable, `${label(call, options)}: ${why}`);
    } finally {
      cancel();
    }
  };
}

function toInit(
  { request, secrets }: Call,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): RequestInit {
  const known = request.knownAs === undefined ? {} : { 'if-none-match': request.knownAs };
  const all = { 'user-agent': 'muster', accept: 'application/json', ...headers, ...known, ...secrets };
  const init = { method: request.method, redirect: 'manual', signal } as const;
  if (request.body === undefined) return { ...init, headers: all };
  return {
    ...init,
    headers: { ...all, 'content-type': 'application/json' },
    body: JSON.stringify(request.body),
  };
}

/** Where a renamed repository is now; a 302 is no move but a way to a sign-in page. */
function movedTo(response: Response, from: URL): URL | undefined {
  if (![301, 307, 308].includes(response.status)) return undefined;
  return sameOrigin(response.headers.get('location') ?? '', from);
}

const notJson = Symbol('not JSON');

function decodeJson(response: Response, text: string): unknown {
  if (text.trim() === '') return undefined;
  if (!/\bjson\b/i.test(response.headers.get('content-type') ?? '')) return notJson;
  try {
    return JSON.parse(text);
  } catch {
    return notJson;
  }
}

function label({ request, url }: Call, { name }: ExchangeOptions): string {
  return `${name} ${request.method} ${url.pathname}`;
}
