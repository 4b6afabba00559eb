import * as http from 'node:http';
import * as https from 'node:https';
import type { GitHttpRequest, GitHttpResponse } from 'isomorphic-git';
import type { Clock } from '../../runtime/index.ts';
import { fromSystemError, gitError } from '../git-errors.ts';
import { readBody } from './http-body.ts';
import { checkReply } from './http-reply.ts';

const maxRedirects = 5;
const redirects = new Set([301, 302, 303, 307, 308]);
const maxConnections = 4;

export interface HttpClientOptions {
  /** Without credentials. */
  readonly url: string;
  /** A reply that sends nothing for so long is given up. */
  readonly idleMs: number;
  /** The largest body that is read. */
  readonly maxBytes: number;
}

/** One operation's view of the remote: requests carry its credentials and end with its signal. */
export interface HttpOperation {
  /** isomorphic-git's HttpClient. */
  request(request: GitHttpRequest): Promise<GitHttpResponse>;
  /** Never resolves; rejects when a body fails, which isomorphic-git may swallow. */
  readonly failed: Promise<never>;
}

export interface GitHttpClient {
  begin(authorization: string | undefined, signal: AbortSignal): HttpOperation;
  close(): void;
}

type Agents = Readonly<Record<'http:' | 'https:', http.Agent>>;

interface Outgoing {
  readonly method: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer | undefined;
  readonly signal: AbortSignal;
  readonly idleMs: number;
}

async function collect(body: GitHttpRequest['body']): Promise<Buffer | undefined> {
  if (body === undefined) return undefined;
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts);
}

function send(url: URL, agents: Agents, out: Outgoing): Promise<http.IncomingMessage> {
  const { method, headers, body, signal, idleMs } = out;
  const start = (url.protocol === 'https:' ? https.request : http.request) as typeof http.request;
  const agent = agents[url.protocol as keyof Agents];
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'content-length': String(body.length) };
    let reply: http.IncomingMessage | undefined;
    const request = start(url, { method, agent, signal, headers: { ...headers, ...length } }, (incoming) => {
      reply = incoming;
      resolve(incoming);
    });
    request.setTimeout(idleMs, () =>
      (reply ?? request).destroy(gitError('GIT_TIMEOUT', `${url.host} sent nothing for ${idleMs} ms`)),
    );
    request.on('error', (error) => {
      // The host closed a kept connection just as we used it: nothing of this request was heard.
      const stale = request.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET';
      if (stale && reply === undefined && !signal.aborted) resolve(send(url, agents, out));
      else
        reject(
          signal.aborted ? signal.reason : (fromSystemError(error, url.host) ?? unreachable(url, error)),
        );
    });
    request.end(body);
  });
}

function unreachable(url: URL, cause: unknown) {
  return gitError('GIT_UNREACHABLE', `the connection to ${url.host} failed`, { cause });
}

/** Where a redirect leads; rejects other hosts and a fall back to plain HTTP. */
function followRedirect(from: URL, location: string | undefined): URL {
  const to = URL.canParse(location ?? '', from.href) ? new URL(location ?? '', from) : undefined;
  const sameHost = to?.hostname === from.hostname;
  const upgrade = from.protocol === 'http:' && to?.protocol === 'https:';
  const samePlace = to?.protocol === from.protocol && to.port === from.port;
  if (to === undefined || !sameHost || !(samePlace || upgrade)) {
    throw gitError('GIT_REDIRECT_REFUSED', `${from.host} redirects to ${to?.host ?? 'nowhere'}`);
  }
  to.username = '';
  to.password = '';
  return to;
}

/** Follows redirects of a GET from `start`; returns the reply and where it came from. */
async function exchange(start: URL, agents: Agents, out: Outgoing) {
  let url = start;
  for (let hops = 0; ; hops++) {
    const reply = await send(url, agents, out);
    if (!redirects.has(reply.statusCode ?? 0)) return { reply, url };
    reply.resume();
    if (out.method !== 'GET' || hops >= maxRedirects) {
      throw gitError('GIT_REDIRECT_REFUSED', `${url.host} redirects without end`);
    }
    url = followRedirect(url, reply.headers.location);
  }
}

function toReply(
  method: string,
  url: URL,
  reply: http.IncomingMessage,
  body: AsyncIterableIterator<Uint8Array>,
) {
  const headers = Object.fromEntries(
    Object.entries(reply.headers).map(([key, value]) => [key, String(value)]),
  );
  return { url: url.href, method, statusCode: reply.statusCode ?? 0, statusMessage: '', body, headers };
}

/** An HTTP client for one remote: keeps connections, follows redirects within the host only, limits time and bytes. */
export function createGitHttpClient(options: HttpClientOptions, clock: Clock): GitHttpClient {
  const { idleMs, maxBytes } = options;
  const pool = { keepAlive: true, maxSockets: maxConnections, timeout: idleMs };
  const agents: Agents = { 'http:': new http.Agent(pool), 'https:': new https.Agent(pool) };
  // A host that redirects `/info/refs` moved the whole repository: the later POST goes there too.
  let base = options.url;

  async function fetchReply(suffix: string, out: Outgoing) {
    try {
      const { reply, url } = await exchange(new URL(base + suffix), agents, out);
      checkReply({ url, status: reply.statusCode ?? 0, headers: reply.headers, now: clock.now() }, reply);
      if (url.href.endsWith(suffix)) base = url.href.slice(0, -suffix.length);
      return { reply, url };
    } catch (error) {
      base = options.url;
      throw error;
    }
  }

  function begin(authorization: string | undefined, signal: AbortSignal): HttpOperation {
    let onFailure: (error: unknown) => void = () => {};
    const failed = new Promise<never>((_, reject) => {
      onFailure = reject;
    });
    failed.catch(() => {});
    const credentials = authorization === undefined ? {} : { authorization };
    async function request(asked: GitHttpRequest): Promise<GitHttpResponse> {
      const method = asked.method ?? 'GET';
      const headers = { 'user-agent': 'git/muster', ...asked.headers, ...credentials };
      const out = { method, headers, body: await collect(asked.body), signal, idleMs };
      const { reply, url } = await fetchReply(asked.url.slice(options.url.length), out);
      return toReply(method, url, reply, readBody(reply, { host: url.host, maxBytes, signal, onFailure }));
    }
    return { request, failed };
  }

  return {
    begin,
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}
