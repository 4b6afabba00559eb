import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';

/** What happens by itself is said no more often than this. */
const quietMs = 10_000;
const said = signal('');
let waiting: string | undefined;
let quietUntil = 0;

/** Says something once to who cannot see it. */
export function announce(text: string): void {
  said.value = text;
}

/** Something that can be said; `key` tells it from others. */
export interface Sayable {
  readonly key: string;
  readonly text: string;
}

/** Says what was not among the items a moment ago; what was there from the beginning is read with the view. */
export function useArrivals(items: readonly Sayable[]): void {
  const known = useRef<ReadonlySet<string> | undefined>(undefined);
  const keys = items.map(({ key }) => key).join('\n');
  useEffect(() => {
    const before = known.current;
    known.current = new Set(items.map(({ key }) => key));
    const fresh = before ? items.filter(({ key }) => !before.has(key)) : [];
    if (fresh.length > 0) announceSoon(fresh.map(({ text }) => text).join('. '));
  }, [keys]);
}

/** The latest counts where there is more than may be said. */
function announceSoon(text: string): void {
  const isWaiting = waiting !== undefined;
  waiting = text;
  if (isWaiting) return;
  setTimeout(
    () => {
      quietUntil = Date.now() + quietMs;
      said.value = waiting ?? '';
      waiting = undefined;
    },
    Math.max(0, quietUntil - Date.now()),
  );
}

/** The page's one live region. */
export function Announcer() {
  return (
    <div class="sr" role="status" aria-live="polite">
      {said}
    </div>
  );
}
