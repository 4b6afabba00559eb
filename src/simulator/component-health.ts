import type { ComponentHealth } from '../model/index.ts';

/** How an agent is, as it will say. */
export interface HealthFacts {
  readonly healthy: boolean;
  readonly lastError: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly changedAt: number;
  /** Names of the pipelines that it runs, for the tree. */
  readonly pipelines: readonly string[];
}

const toNano = (ms: number): bigint => BigInt(Math.round(ms)) * 1_000_000n;

/** The health tree that the collector's opamp extension would report: one node per pipeline and one for extensions. */
export function describeHealth(facts: HealthFacts): ComponentHealth {
  const times = {
    startTimeUnixNano: toNano(facts.startedAt),
    statusTimeUnixNano: toNano(facts.changedAt),
  };
  const own = {
    healthy: facts.healthy,
    lastError: facts.lastError,
    status: facts.healthy ? 'StatusOK' : 'StatusPermanentError',
    ...times,
  };
  const names = ['extensions', ...facts.pipelines.map((name) => `pipeline:${name}`)];
  const components = new Map(names.map((name) => [name, { ...own, components: new Map() }]));
  return { ...own, components };
}
