import { computed, signal } from '@preact/signals';
import { matchRoute } from './router.ts';

const base = new URL(document.baseURI).pathname;
const address = signal(readAddress());

/** Whether the next heading that appears is to get the focus: one came to it by a link or a key. */
export const arriving = signal(false);

/** The view that the address names. */
export const route = computed(() => matchRoute(address.value.path));
/** The address's query. */
export const query = computed(() => new URLSearchParams(address.value.search));
/** The path below the base. */
export const path = computed(() => address.value.path);

function readAddress(): { readonly path: string; readonly search: string } {
  const { pathname, search } = location;
  return { path: pathname.startsWith(base) ? pathname.slice(base.length) : pathname.slice(1), search };
}

/** Goes to an address below the base; `replace` leaves no step in the history. */
export function go(to: string, { replace = false } = {}): void {
  const url = new URL(to, document.baseURI);
  const moved = url.pathname !== location.pathname;
  if (replace) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
  address.value = readAddress();
  if (!moved) return;
  arriving.value = !replace;
  scrollTo(0, 0);
}

/** Follows plain clicks on links of the page, and the browser's back and forward. */
export function listenToPlace(): void {
  addEventListener('popstate', () => {
    address.value = readAddress();
  });
  addEventListener('click', (event) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.defaultPrevented)
      return;
    const link = (event.target as Element).closest('a');
    if (link?.target !== '' || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || !url.pathname.startsWith(base)) return;
    if (url.pathname.startsWith(`${base}api/`) || url.hash !== '') return;
    event.preventDefault();
    go(url.href);
  });
}
