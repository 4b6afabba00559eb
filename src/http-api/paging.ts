import type { Page } from '../model/index.ts';

/** Which page: `cursor` is what the page before gave. */
export interface PageQuery {
  readonly limit: number;
  readonly cursor: string | undefined;
}

/**
 * A page of a list that is made anew for each request. A cursor names the last item that was seen; where that has gone the
 * list goes on at its place, so that what moved is at worst told twice.
 */
export function pageOf<Item>(
  items: readonly Item[],
  idOf: (item: Item) => string,
  { limit, cursor }: PageQuery,
): Page<Item> {
  const start = cursor === undefined ? 0 : startAfter(items, idOf, cursor);
  const page = items.slice(start, start + limit);
  const end = start + page.length;
  const last = page.at(-1);
  const next = last !== undefined && end < items.length ? encode(end, idOf(last)) : null;
  return { items: page, total: items.length, next };
}

function startAfter<Item>(items: readonly Item[], idOf: (item: Item) => string, cursor: string): number {
  const [, place = '0', id = ''] =
    /^(\d{1,9}) (.*)$/s.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  const known = items.findIndex((item) => idOf(item) === id);
  return known < 0 ? Number(place) : known + 1;
}

function encode(end: number, id: string): string {
  return Buffer.from(`${end} ${id}`).toString('base64url');
}
