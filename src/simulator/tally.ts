import type { Clock } from '../runtime/index.ts';
import { createLatencies, type LatencySummary } from './latencies.ts';

/** What happens to an agent that is worth counting; durations in milliseconds. */
export type AgentEvent =
  | { readonly kind: 'connected'; readonly ms: number }
  | { readonly kind: 'retried'; readonly reason: string }
  /** A message came after a report that had waited for one this long. */
  | { readonly kind: 'replied'; readonly ms: number }
  | { readonly kind: 'offered' }
  | { readonly kind: 'answered'; readonly state: 'applied' | 'failed' };

export type ObserveAgent = (event: AgentEvent) => void;

/** What happened to a fleet since it started. */
export interface TallyCounts {
  readonly connections: number;
  readonly offers: number;
  /** Offers that agents said to have applied. */
  readonly acks: number;
  readonly failures: number;
  /** Connections that were refused or lost, and tried again. */
  readonly retries: number;
  /** The retries by cause; causes beyond the first twenty are together under `other`. */
  readonly retryReasons: Readonly<Record<string, number>>;
  readonly connectMs: LatencySummary;
  readonly replyMs: LatencySummary;
}

export interface Tally {
  readonly observe: ObserveAgent;
  counts(): TallyCounts;
  /** When the last connection, offer or answer was, in milliseconds since the epoch; 0 before the first. */
  changedAt(): number;
}

const maxReasons = 20;

/** Addresses and ports differ from agent to agent: without them, causes can be counted. */
function causeOf(reason: string): string {
  return reason.replace(/\s*\S*[\d.]+:\d+\S*.*$/, '').slice(0, 80);
}

/** A tally of nothing yet. */
export function createTally(clock: Clock): Tally {
  const totals = { connections: 0, offers: 0, acks: 0, failures: 0, retries: 0 };
  const reasons = new Map<string, number>();
  const connectMs = createLatencies();
  const replyMs = createLatencies();
  let changedAt = 0;
  function retry(reason: string): void {
    const cause = causeOf(reason);
    const key = reasons.has(cause) || reasons.size < maxReasons - 1 ? cause : 'other';
    reasons.set(key, (reasons.get(key) ?? 0) + 1);
    totals.retries += 1;
  }
  return {
    observe(event) {
      if (event.kind === 'replied') return replyMs.add(event.ms);
      if (event.kind === 'retried') return retry(event.reason);
      changedAt = clock.now();
      if (event.kind === 'connected') {
        totals.connections += 1;
        connectMs.add(event.ms);
      } else if (event.kind === 'offered') totals.offers += 1;
      else totals[event.state === 'applied' ? 'acks' : 'failures'] += 1;
    },
    counts: () => ({
      ...totals,
      retryReasons: Object.fromEntries(reasons),
      connectMs: connectMs.summary(),
      replyMs: replyMs.summary(),
    }),
    changedAt: () => changedAt,
  };
}
