import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { AgentCounts } from '../model/index.ts';

/** The service's own measurements, in Prometheus' text form. */
export interface Metrics {
  /** Counts something by name, as `muster_<name>_total`. */
  count(name: string, by?: number): void;
  /** Records the length of a pass in milliseconds. */
  observePass(milliseconds: number, failed: boolean): void;
  /** Records how many seconds a commit took from when it was taken up until its agents had converged. */
  observeConverged(seconds: number): void;
  text(): Promise<string>;
  readonly contentType: string;
}

/** What is read when Prometheus asks. */
export interface MetricSources {
  readonly counts: () => AgentCounts;
  readonly problems: () => { readonly errors: number; readonly warnings: number };
  readonly leads: () => boolean;
  /** Writes that wait for the store. */
  readonly storeWaiting: () => number;
}

/** Metrics with process defaults; gauges are read at scrape time. */
export function createMetrics(sources: MetricSources): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, prefix: 'muster_' });
  const counters = new Map<string, Counter>();
  const passes = new Histogram({
    name: 'muster_pass_seconds',
    help: 'Length of reconcile passes',
    labelNames: ['outcome'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  const converged = new Histogram({
    name: 'muster_commit_to_converged_seconds',
    help: 'From taking up a commit until its agents had converged',
    buckets: [1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400],
    registers: [registry],
  });
  new Gauge({
    name: 'muster_agents',
    help: 'Agents of the roster by fact',
    labelNames: ['fact'],
    registers: [registry],
    collect() {
      for (const [fact, count] of Object.entries(sources.counts())) this.set({ fact }, count);
    },
  });
  new Gauge({
    name: 'muster_problems',
    help: 'Problems of the newest revision',
    labelNames: ['severity'],
    registers: [registry],
    collect() {
      const { errors, warnings } = sources.problems();
      this.set({ severity: 'error' }, errors);
      this.set({ severity: 'warning' }, warnings);
    },
  });
  createLeadsGauge(registry, sources.leads);
  new Gauge({
    name: 'muster_store_waiting',
    help: 'Writes that wait for the store',
    registers: [registry],
    collect() {
      this.set(sources.storeWaiting());
    },
  });
  const counterOf = (name: string) => {
    const known = counters.get(name);
    if (known) return known;
    const metric = `muster_${name.replace(/[^a-zA-Z0-9]/g, '_')}_total`;
    const created = new Counter({ name: metric, help: name.replaceAll('-', ' '), registers: [registry] });
    counters.set(name, created);
    return created;
  };
  return {
    count: (name, by = 1) => counterOf(name).inc(by),
    observePass: (milliseconds, failed) =>
      passes.observe({ outcome: failed ? 'failed' : 'done' }, milliseconds / 1000),
    observeConverged: (seconds) => converged.observe(seconds),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}

/** What a process measures that stands by: that it does not lead. */
export function createStandbyMetrics(): Pick<Metrics, 'text' | 'contentType'> {
  const registry = new Registry();
  createLeadsGauge(registry, () => false);
  return { text: () => registry.metrics(), contentType: registry.contentType };
}

function createLeadsGauge(registry: Registry, leads: () => boolean): void {
  new Gauge({
    name: 'muster_leads',
    help: 'Whether this process decides: 1 or 0',
    registers: [registry],
    collect() {
      this.set(leads() ? 1 : 0);
    },
  });
}
