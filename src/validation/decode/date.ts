const form = /^(\d{4})-(\d{2})-(\d{2})(?:[Tt ](\d{2}:\d{2}(?::\d{2})?)(Z|z|[+-]\d{2}:\d{2}))?$/;

/** Milliseconds since the epoch of a day (00:00 UTC) or an RFC 3339 time; undefined where there is no such time. */
export function parseDate(text: string): number | undefined {
  const parts = form.exec(text);
  if (!parts) return undefined;
  const [, year, month, day, time = '00:00', zone = 'Z'] = parts;
  const midnight = Date.UTC(Number(year), Number(month) - 1, Number(day));
  // Date.UTC rolls 31 February over into March.
  if (new Date(midnight).toISOString().slice(0, 10) !== `${year}-${month}-${day}`) return undefined;
  const value = Date.parse(`${year}-${month}-${day}T${time}${zone.toUpperCase()}`);
  return Number.isNaN(value) ? undefined : value;
}
