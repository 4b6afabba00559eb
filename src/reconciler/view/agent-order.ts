import { placeKey, type RosterEntry } from '../../fleet/index.ts';
import type { AgentSort } from '../../model/index.ts';

/** An agent's place in an order, as text that compares like it. No two agents share one. */
export function orderKey(sort: AgentSort, entry: RosterEntry): string {
  const { agent } = entry;
  switch (sort) {
    case 'host':
      return placeKey(agent);
    case 'seen':
      return `${String(agent.lastSeenAt).padStart(timeDigits, '0')} ${placeKey(agent)}`;
    case 'worst':
      return `${rankOf(entry)} ${placeKey(agent)}`;
  }
}

/** Digits of the last instant that a Date can hold. */
const timeDigits = 16;

/** What needs somebody first: the order in which the overview calls for attention, then whoever is not as Git says. */
function rankOf({ facts }: RosterEntry): number {
  const { delivery, sync, health, connected } = facts;
  const signs = [
    facts.wrongConfig,
    delivery === 'failed',
    delivery === 'held',
    delivery === 'conflict',
    health === 'Degraded',
    facts.drifted,
    delivery === 'unacknowledged',
    sync === 'OutOfSync',
    !connected,
  ];
  const first = signs.indexOf(true);
  return first < 0 ? signs.length : first;
}

/** Where a page ends: the next one begins behind it, in the same order. */
export function formatCursor(sort: AgentSort, key: string): string {
  return Buffer.from(`${sort}:${key}`).toString('base64url');
}

/** The place that a cursor names; undefined where it is of another order. */
export function parseCursor(sort: AgentSort, cursor: string): string | undefined {
  const text = Buffer.from(cursor, 'base64url').toString();
  return text.startsWith(`${sort}:`) ? text.slice(sort.length + 1) : undefined;
}
