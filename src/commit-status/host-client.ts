import { isMusterError } from '../model/index.ts';
import type { Clock } from '../runtime/index.ts';
import type { HostAuth } from './host-auth.ts';
import { hostErrorCodes } from './host-error.ts';
import { createExchange } from './host-exchange.ts';
import type { HostAnswer, HostRequest } from './host-request.ts';
import { type NextPage, nextByLink } from './next-page.ts';
import { type KnownPage, type PageCache, toKnownPage } from './page-cache.ts';
import { pause } from './pause.ts';
import { parseRetryAfter } from './retry-after.ts';

/** Speaks JSON to one Git host. Every failure is a `MusterError` of `hostErrorCodes`, without secrets in it. */
export interface HostClient {
  request(request: HostRequest, signal: AbortSignal): Promise<HostAnswer>;
  /** The pages of a list, in order and bounded; only pages of the same origin. */
  pages(request: HostRequest, signal: AbortSignal, next?: NextPage): AsyncGenerator<unknown>;
  /** The same for a list that is read again and again. */
  knownPages<Page>(request: HostRequest, signal: AbortSignal, list: ListOptions<Page>): AsyncGenerator<Page>;
}

export interface ListOptions<Page> {
  /** How the host tells where the next page is; by its `Link` header unless told. */
  readonly next?: NextPage;
  /** What is needed of a page's body: nothing else is kept in memory. */
  keep(body: unknown): Page;
  /** Pages that it holds are asked for by their `ETag`; it holds the new ones after the last page was taken. */
  readonly cache: PageCache<Page>;
}

export interface HostClientDeps {
  readonly auth: HostAuth;
  readonly clock: Clock;
  readonly fetch?: typeof fetch;
}

export interface HostClientOptions {
  /** Base URL of the API. */
  readonly apiUrl: string;
  /** Names the host in messages. */
  readonly name: string;
  /** Headers for every request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Milliseconds for one request, body included; default 15 s. */
  readonly timeoutMs?: number;
  /** Pages read of one list; default 20. */
  readonly maxPages?: number;
}

/** A client that stays within the API's origin and signs in anew once after a 401. */
export function createHostClient(deps: HostClientDeps, options: HostClientOptions): HostClient {
  const { auth, clock } = deps;
  const base = new URL(options.apiUrl);
  const { name, headers = {}, timeoutMs = 15_000, maxPages = 20 } = options;
  const exchange = createExchange({ clock, fetch: deps.fetch ?? fetch }, { name, headers, timeoutMs });
  let politeUntil = 0;
  const signed = async (request: HostRequest, url: URL, signal: AbortSignal) => {
    const waitMs = politeUntil - clock.monotonic();
    if (waitMs > 0) await pause(clock, waitMs, signal);
    const answer = await exchange({ request, url, secrets: await auth.headers(signal) }, signal);
    // Azure asks for patience in answers that it grants, before it refuses any.
    const asked = answer.headers.has('retry-after') ? (parseRetryAfter(answer.headers, clock.now()) ?? 0) : 0;
    if (asked > 0) politeUntil = clock.monotonic() + Math.min(asked, maxPoliteMs);
    return answer;
  };
  const attempt = async (request: HostRequest, url: URL, signal: AbortSignal): Promise<HostAnswer> => {
    try {
      return await signed(request, url, signal);
    } catch (error) {
      if (!isMusterError(error, hostErrorCodes.unauthorized) || !(await auth.renew(signal))) throw error;
      return signed(request, url, signal);
    }
  };
  return {
    request: (request, signal) => attempt(request, addressOf(base, request), signal),
    async *pages(request, signal, next = nextByLink) {
      let url: URL | undefined = addressOf(base, request);
      for (let count = 0; url && count < maxPages; count += 1) {
        const answer: HostAnswer = await attempt(request, url, signal);
        yield answer.body;
        url = next(answer);
      }
    },
    async *knownPages<Page>(
      request: HostRequest,
      signal: AbortSignal,
      { next = nextByLink, keep, cache }: ListOptions<Page>,
    ) {
      const read = new Map<string, KnownPage<Page>>();
      let url: URL | undefined = addressOf(base, request);
      for (let count = 0; url && count < maxPages; count += 1) {
        const known: KnownPage<Page> | undefined = cache.get(url);
        const asked: HostRequest = known ? { ...request, knownAs: known.etag } : request;
        const answer: HostAnswer = await attempt(asked, url, signal);
        const page: Page = known && answer.unchanged ? known.page : keep(answer.body);
        const after: URL | undefined = known && answer.unchanged ? known.next : next(answer);
        const now = known && answer.unchanged ? known : toKnownPage(answer, page, after);
        if (now) read.set(url.href, now);
        yield page;
        url = after;
      }
      cache.keep(read);
    },
  };
}

/** Longest wait before a request that a granted answer can ask for. */
const maxPoliteMs = 30_000;

function addressOf(base: URL, { path, query }: HostRequest): URL {
  const url = new URL(base.href.replace(/\/+$/, '') + path);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, String(value));
  return url;
}
