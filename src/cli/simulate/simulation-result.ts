import type { LatencySummary, SimulatedFleetCounts, TallyCounts } from '../../simulator/index.ts';

/** What came of a simulation: `--output json` prints it. */
export interface SimulationResult extends SimulatedFleetCounts, TallyCounts {
  readonly server: string;
  readonly agents: number;
  readonly seconds: number;
  readonly storms: number;
  readonly replaced: number;
  readonly converged: boolean;
  /** When the fleet had last converged, RFC 3339; null where it never had. */
  readonly convergedAt: string | null;
  readonly convergedAfterSeconds: number | null;
}

const count = (number: number) => number.toLocaleString('en');

/** Where the fleet stands, on one line. */
export function describeProgress({ started, connected, applied, failed }: SimulatedFleetCounts): string {
  return `${count(started)} started, ${count(connected)} connected, ${count(applied)} applied, ${count(failed)} failed`;
}

function describeLatency(what: string, { p50, p99, max }: LatencySummary): string {
  const ms = (value: number | null) => `${(value ?? 0).toFixed(1)} ms`;
  return max === null ? `${what}: never` : `${what}: p50 ${ms(p50)}, p99 ${ms(p99)}, longest ${ms(max)}`;
}

function describeRetries({ retries, retryReasons }: TallyCounts): string {
  const reasons = Object.entries(retryReasons).map(([reason, times]) => `${reason}: ${count(times)}`);
  return `${count(retries)} retries${reasons.length > 0 ? ` (${reasons.join(', ')})` : ''}`;
}

/** The result for people. */
export function describeResult(result: SimulationResult): string {
  const { offers, acks, failures, storms, replaced, convergedAfterSeconds: after } = result;
  const churn = storms + replaced > 0 ? [`${count(storms)} storms, ${count(replaced)} agents replaced`] : [];
  return [
    describeProgress(result),
    `${count(offers)} offers, ${count(acks)} acknowledged, ${count(failures)} failures, ${describeRetries(result)}`,
    ...churn,
    after === null
      ? `not converged within ${result.seconds} s`
      : `${result.converged ? 'converged' : 'not converged now; last'} at ${result.convergedAt}, ${after} s after the start`,
    describeLatency('connect', result.connectMs),
    describeLatency('reply', result.replyMs),
    '',
  ].join('\n');
}
