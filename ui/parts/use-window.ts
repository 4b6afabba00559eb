import type { RefObject } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type RowWindow, windowOf } from '../window.ts';

/** Fewer rows are all drawn: then the browser finds them too. */
const drawnWhole = 100;

/** Which of a table's rows to draw as the page scrolls, once there are many; `row` is the height of one in pixels. */
export function useRowWindow(table: RefObject<HTMLElement | null>, total: number, row: number): RowWindow {
  const [shown, setShown] = useState<RowWindow>({ first: 0, count: Math.min(total, drawnWhole) });
  const whole = total <= drawnWhole;
  useEffect(() => {
    if (whole) return undefined;
    let asked = 0;
    const look = () => {
      asked = 0;
      const above = -(table.current?.getBoundingClientRect().top ?? 0);
      const next = windowOf(total, { above, seen: innerHeight, row });
      setShown((before) => (before.first === next.first && before.count === next.count ? before : next));
    };
    const ask = () => {
      asked ||= requestAnimationFrame(look);
    };
    look();
    addEventListener('scroll', ask, { passive: true });
    addEventListener('resize', ask);
    return () => {
      cancelAnimationFrame(asked);
      removeEventListener('scroll', ask);
      removeEventListener('resize', ask);
    };
  }, [whole, total, row]);
  return whole ? { first: 0, count: total } : shown;
}
