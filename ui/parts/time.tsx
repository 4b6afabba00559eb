import { signal } from '@preact/signals';
import { absolute, clock as clockOf, relative } from './zone.ts';

/** Now, moved every ten seconds: one timer for the whole page. */
export const now = signal(Date.now());
setInterval(() => {
  now.value = Date.now();
}, 10_000);

/** How long ago something was, with the time itself for whoever points at it. */
export function Ago({ at, clock = false }: { at: string; clock?: boolean }) {
  const time = Date.parse(at);
  if (Number.isNaN(time)) return <>{at}</>;
  const text = clock ? clockOf(time) : relative(time, Math.max(now.value, time));
  return (
    <time dateTime={at} title={absolute(time)}>
      {text}
    </time>
  );
}
