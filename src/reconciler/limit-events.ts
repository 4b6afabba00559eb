import type { FleetEvent } from '../model/index.ts';

const perMinute = 300;
const minute = 60_000;

/**
 * Passes on what agents cause, at most 300 events a minute for each tenant, and one that says so when there are more: a
 * flood pushes nothing out of the history. What a person did always passes.
 */
export function limitEvents(
  now: () => number,
  onEvent: (event: FleetEvent) => void,
): (event: FleetEvent) => void {
  const counts = new Map<string, { since: number; passed: number }>();
  return (event) => {
    if (event.actor !== undefined) return onEvent(event);
    const tenant = event.tenant ?? '';
    const known = counts.get(tenant);
    const at = now();
    const count = known && Math.abs(at - known.since) < minute ? known : { since: at, passed: 0 };
    counts.set(tenant, count);
    count.passed += 1;
    if (count.passed < perMinute) return onEvent(event);
    if (count.passed > perMinute) return undefined;
    const message = `more than ${perMinute} events in a minute: the rest of them is left out`;
    return onEvent({ at, kind: 'events-left-out', ...(event.tenant !== undefined && { tenant }), message });
  };
}
