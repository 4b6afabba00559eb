/** A wall clock reading in some time zone. */
export interface ZonedTime {
  /** 0 is Sunday. */
  readonly day: number;
  /** Minutes after midnight. */
  readonly minute: number;
}

const minuteMs = 60_000;
const dayMs = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();
const maxFormats = 1_000;

/** Reads the wall clock of a time zone (IANA name) at an instant; RangeError where the zone is unknown. */
export function zonedTime(at: number, timeZone: string): ZonedTime {
  const shifted = at + offsetOf(at, timeZone);
  return {
    day: new Date(shifted).getUTCDay(),
    minute: Math.floor((((shifted % dayMs) + dayMs) % dayMs) / minuteMs),
  };
}

/**
 * Instants at which the wall clock may come to `minute` on the `day`-th day from `at`: two where the offset changes
 * that day, and the instant of the change itself, since a clock can jump over the reading.
 */
export function instantsOf(
  at: number,
  dayOffset: number,
  minute: number,
  timeZone: string,
): readonly number[] {
  const midnight = Math.floor((at + offsetOf(at, timeZone)) / dayMs) * dayMs + dayOffset * dayMs;
  const before = offsetOf(midnight - dayMs, timeZone);
  const after = offsetOf(midnight + 2 * dayMs, timeZone);
  const reading = midnight + minute * minuteMs;
  if (before === after) return [reading - before];
  return [reading - before, reading - after, findChange(midnight - dayMs, midnight + 2 * dayMs, timeZone)];
}

/** The first instant with the offset of `to`, by halving. */
function findChange(from: number, to: number, timeZone: string): number {
  const later = offsetOf(to, timeZone);
  let low = from;
  let high = to;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetOf(middle, timeZone) === later) high = middle;
    else low = middle;
  }
  return high;
}

/** Milliseconds by which the zone's wall clock is ahead of UTC. */
function offsetOf(at: number, timeZone: string): number {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: string) => parts.get(type as Intl.DateTimeFormatPartTypes) ?? 0;
  const wall = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return wall - Math.floor(at / 1_000) * 1_000;
}

/** Making a format costs far more than using one; what it does is fixed by its zone. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  if (formats.size >= maxFormats) formats.clear();
  formats.set(timeZone, format);
  return format;
}
