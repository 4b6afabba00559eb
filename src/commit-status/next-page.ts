import type { HostAnswer } from './host-request.ts';
import { elementsOf, membersOf, textOf } from './json-shape.ts';

/** The address of the page after an answer, or undefined after the last; never on another origin. */
export type NextPage = (answer: Pick<HostAnswer, 'headers' | 'body' | 'url'>) => URL | undefined;

/**
 * The next page by the `Link` header (RFC 8288), only when it is on the same origin as the answer: anywhere else the
 * token would leak.
 */
export const nextByLink: NextPage = ({ headers, url }) => {
  for (const match of (headers.get('link') ?? '').matchAll(/<([^>]{1,4096})>([^<]*)/g)) {
    const [, target = '', parameters = ''] = match;
    if (/;\s*rel\s*=\s*"?[^";]*\bnext\b/i.test(parameters)) return sameOrigin(target, url);
  }
  return undefined;
};

/** The next page by the body's `next`, as Bitbucket Cloud gives it. */
export const nextByMember: NextPage = ({ body, url }) => {
  const target = textOf(membersOf(body).next);
  return target === '' ? undefined : sameOrigin(target, url);
};

/** The next page by `isLastPage` and `nextPageStart`, as Bitbucket Data Center gives them. */
export const nextByStart: NextPage = ({ body, url }) => {
  const { isLastPage, nextPageStart } = membersOf(body);
  return isLastPage === false && typeof nextPageStart === 'number'
    ? withQuery(url, 'start', nextPageStart)
    : undefined;
};

/** The next page by number until one is empty, for lists whose `Link` header and page size cannot be relied on. */
export const nextByNumber: NextPage = ({ body, url }) => {
  if (elementsOf(body).length === 0) return undefined;
  return withQuery(url, 'page', Number(url.searchParams.get('page') ?? 1) + 1);
};

/** The next page by how many came before (`$skip`, or what `name` says), until one has fewer elements than `$top`. */
export function nextBySkip(name: '$skip' | 'skip' = '$skip'): NextPage {
  return ({ body, url }) => {
    const top = Number(url.searchParams.get(name === 'skip' ? 'top' : '$top') ?? 100);
    const count = elementsOf(membersOf(body).value).length;
    return count < top ? undefined : withQuery(url, name, Number(url.searchParams.get(name) ?? 0) + count);
  };
}

function withQuery(url: URL, name: string, value: number): URL {
  const next = new URL(url);
  next.searchParams.set(name, String(value));
  return next;
}

/** `target` resolved against `current`; undefined when it is malformed or leads to another origin. */
export function sameOrigin(target: string, current: URL): URL | undefined {
  if (!URL.canParse(target, current.href)) return undefined;
  const url = new URL(target, current);
  return url.origin === current.origin ? url : undefined;
}
