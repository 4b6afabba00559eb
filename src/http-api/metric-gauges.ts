import { Gauge, type Registry } from 'prom-client';
import type { AgentCounts } from '../model/index.ts';

/** What is read when Prometheus asks. */
export interface MetricSources {
  readonly counts: () => AgentCounts;
  readonly tenants: () => readonly { readonly tenant: string; readonly agents: AgentCounts }[];
  readonly problems: () => { readonly errors: number; readonly warnings: number };
  /** Milliseconds since the epoch; undefined before the first. */
  readonly lastPollAt: () => number | undefined;
  /** What is still owed to each destination of statuses, notes and comments. */
  readonly owed: () => readonly {
    readonly name: string;
    readonly outstanding: number;
    /** Milliseconds since the epoch since which the oldest waits. */
    readonly oldestSince: number | undefined;
  }[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly leads: () => boolean;
  /** Writes that wait for the store. */
  readonly storeWaiting: () => number;
}

/** Tenants with series of their own, the largest; the others are counted in `muster_agents` only. */
const maxTenants = 200;

/** Adds the gauges that are read at scrape time. */
export function addGauges(registry: Registry, sources: MetricSources): void {
  const add = (name: string, help: string, labelNames: readonly string[], read: (gauge: Gauge) => void) =>
    new Gauge({
      ...{ name, help, labelNames: [...labelNames], registers: [registry] },
      collect() {
        this.reset();
        read(this);
      },
    });
  addLeads(registry, sources.leads);
  add('muster_store_waiting', 'Writes that wait for the store', [], (gauge) => {
    gauge.set(sources.storeWaiting());
  });
  add('muster_agents', 'Agents of the roster by fact', ['fact'], (gauge) => {
    for (const [fact, count] of Object.entries(sources.counts())) gauge.set({ fact }, count);
  });
  add('muster_tenant_agents', 'Agents of a tenant by fact', ['tenant', 'fact'], (gauge) => {
    const bySize = [...sources.tenants()].sort((a, b) => b.agents.matched - a.agents.matched);
    for (const { tenant, agents } of bySize.slice(0, maxTenants))
      for (const [fact, count] of Object.entries(agents)) gauge.set({ tenant, fact }, count);
  });
  add('muster_problems', 'Problems of the newest revision', ['severity'], (gauge) => {
    const { errors, warnings } = sources.problems();
    gauge.set({ severity: 'error' }, errors);
    gauge.set({ severity: 'warning' }, warnings);
  });
  add(
    'muster_git_last_success_timestamp_seconds',
    'When the fleet repo was last read; 0 before the first time',
    [],
    (gauge) => {
      gauge.set((sources.lastPollAt() ?? 0) / 1000);
    },
  );
  add('muster_outbox_owed', 'What a destination still has to be told', ['destination'], (gauge) => {
    for (const { name, outstanding } of sources.owed()) gauge.set({ destination: name }, outstanding);
  });
  add('muster_outbox_oldest_seconds', 'How long the oldest of that waits', ['destination'], (gauge) => {
    for (const { name, oldestSince } of sources.owed())
      gauge.set(
        { destination: name },
        oldestSince === undefined ? 0 : Math.max(0, sources.now() - oldestSince) / 1000,
      );
  });
}

/** Adds whether this process decides. */
export function addLeads(registry: Registry, leads: () => boolean): void {
  addGauge(registry, 'muster_leads', 'Whether this process decides: 1 or 0', () => (leads() ? 1 : 0));
}

/** Adds how many connections of agents this process carries for another. */
export function addCarried(registry: Registry, connections: () => number): void {
  const help = 'Connections of agents that this process carries for the one that leads';
  addGauge(registry, 'muster_relay_connections', help, connections);
}

function addGauge(registry: Registry, name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers: [registry],
    collect() {
      this.set(read());
    },
  });
}
