import { signal } from '@preact/signals';
import { formatAbsolute, formatClock, formatRelative } from '../format.ts';

type Zone = 'UTC' | 'local';

/** Which time is shown; kept for the session. */
export const zone = signal<Zone>(sessionStorage.getItem('zone') === 'local' ? 'local' : 'UTC');

/** Chooses the time that is shown in this session. */
export function chooseZone(name: Zone): void {
  zone.value = name;
  sessionStorage.setItem('zone', name);
}

/** `09:12:07`. */
export function clock(at: number): string {
  return formatClock(at, offsetAt(at));
}

/** `09:12:07 UTC`, `11:12:07 UTC+2`. */
export function clockWithZone(at: number): string {
  return `${clock(at)} ${formatAbsolute(at, offsetAt(at)).split(' ').at(-1)}`;
}

/** `2026-11-20 09:12:07 UTC`. */
export function absolute(at: number): string {
  return formatAbsolute(at, offsetAt(at));
}

/** `5 min ago`, from a day on the time itself. */
export function relative(at: number, now: number): string {
  return formatRelative(at, now, offsetAt(at));
}

/** Minutes before UTC at that time; daylight saving is part of it. */
function offsetAt(at: number): number {
  return zone.value === 'UTC' ? 0 : -new Date(at).getTimezoneOffset();
}
