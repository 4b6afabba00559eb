import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { FleetEvent } from '../model/index.ts';
import type { Measurement } from '../runtime/index.ts';
import { addCarried, addGauges, addLeads, type MetricSources } from './metric-gauges.ts';
import { readRegistry } from './read-registry.ts';

/** The service's own measurements, in Prometheus' text form. */
export interface Metrics {
  /** Counts something by name, as `muster_<name>_total`. */
  count(name: string, by?: number): void;
  /** Records the length of a pass in milliseconds. */
  observePass(milliseconds: number, failed: boolean): void;
  /** Records how many seconds a commit took from when it was taken up until its agents had converged. */
  observeConverged(seconds: number): void;
  /** Records one exchange with the Git remote: where the branch points, or what a commit holds. */
  observeGit(operation: 'resolve' | 'read', milliseconds: number, failed: boolean): void;
  /** Records one request to the Git host's API; `outcome` is `2xx` to `5xx`, or `failed` without an answer. */
  observeHost(outcome: string, milliseconds: number): void;
  /** Counts an event of the history by its kind. */
  countEvent(event: Pick<FleetEvent, 'kind'>): void;
  text(): Promise<string>;
  /** The same as plain values. */
  measure(): Promise<readonly Measurement[]>;
  readonly contentType: string;
}

const exchangeBuckets = [0.05, 0.2, 0.5, 1, 2, 5, 15, 60];

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
  const git = new Histogram({
    name: 'muster_git_seconds',
    help: 'Exchanges with the Git remote',
    labelNames: ['operation', 'outcome'],
    buckets: exchangeBuckets,
    registers: [registry],
  });
  const host = new Histogram({
    name: 'muster_host_request_seconds',
    help: 'Requests to the API of the Git host',
    labelNames: ['outcome'],
    buckets: exchangeBuckets,
    registers: [registry],
  });
  const events = new Counter({
    name: 'muster_events_total',
    help: 'Events of the history by kind',
    labelNames: ['kind'],
    registers: [registry],
  });
  addGauges(registry, sources);
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
    observeGit: (operation, milliseconds, failed) =>
      git.observe({ operation, outcome: failed ? 'failed' : 'done' }, milliseconds / 1000),
    observeHost: (outcome, milliseconds) => host.observe({ outcome }, milliseconds / 1000),
    countEvent: ({ kind }) => events.inc({ kind }),
    text: () => registry.metrics(),
    measure: () => readRegistry(registry),
    contentType: registry.contentType,
  };
}

/** What a process measures that does not lead: that, and the connections that it carries. */
export function createStandbyMetrics(connections: () => number): Pick<Metrics, 'text' | 'contentType'> {
  const registry = new Registry();
  addLeads(registry, () => false);
  addCarried(registry, connections);
  return { text: () => registry.metrics(), contentType: registry.contentType };
}
