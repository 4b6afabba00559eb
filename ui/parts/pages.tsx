import type { Page } from '../../src/model/index.ts';
import { formatCount } from '../format.ts';
import { path, query } from '../place.ts';
import { withQuery } from '../router.ts';

/** Which part of a list is shown, and the way to the next; the first page is where the address names none. */
export function Pages({ page: { items, total, next } }: { page: Page<unknown> }) {
  const later = query.value.has('cursor');
  if (next === null && !later) return null;
  return (
    <nav class="pages" aria-label="Pages">
      <span class="dim">
        {formatCount(items.length)} of {formatCount(total)}
      </span>
      {later && <a href={withQuery(path.value, query.value, { cursor: '' })}>First page</a>}
      {next !== null && <a href={withQuery(path.value, query.value, { cursor: next })}>Next page</a>}
    </nav>
  );
}

/** An address of the API with what the view's own address says. */
export function askFor(list: string, names: readonly string[], limit: number): string {
  const asked = new URLSearchParams({ limit: String(limit) });
  for (const name of [...names, 'cursor']) {
    const value = query.value.get(name);
    if (value !== null && value !== '') asked.set(name, value);
  }
  return `${list}?${asked}`;
}
