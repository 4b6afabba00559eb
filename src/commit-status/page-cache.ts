import type { HostAnswer } from './host-request.ts';

/** A page as it was read last. */
export interface KnownPage<Page> {
  readonly etag: string;
  readonly page: Page;
  readonly next: URL | undefined;
}

/** The pages of one list as they were read last, by address, so that unchanged ones cost neither bytes nor rate. */
export interface PageCache<Page> {
  get(url: URL): KnownPage<Page> | undefined;
  /** Replaces what is known by what the list just read consists of. */
  keep(pages: ReadonlyMap<string, KnownPage<Page>>): void;
}

/** An empty cache; it never holds more than the pages of one reading. */
export function createPageCache<Page>(): PageCache<Page> {
  let known: ReadonlyMap<string, KnownPage<Page>> = new Map();
  return {
    get: (url) => known.get(url.href),
    keep(pages) {
      known = pages;
    },
  };
}

/** What an answer leaves to be known; undefined where the host gives no `ETag`. */
export function toKnownPage<Page>(
  { headers }: HostAnswer,
  page: Page,
  next: URL | undefined,
): KnownPage<Page> | undefined {
  const etag = headers.get('etag');
  return etag === null || etag === '' ? undefined : { etag, page, next };
}
