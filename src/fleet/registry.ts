import type {
  AgentCounts,
  AgentState,
  Assignment,
  Delivery,
  InstanceUid,
  StateCounts,
  UnitContribution,
} from '../model/index.ts';
import { createCounters } from './counters.ts';
import type { AgentFacts } from './facts.ts';
import { createRosterOrder, type PlacedAgent } from './roster-order.ts';
import { createStateCounters, sameStates } from './state-counters.ts';

/** One agent of the roster with what was decided for it. Replaced as a whole when anything but its heartbeat changes. */
export interface RosterEntry {
  readonly agent: AgentState;
  readonly assignment: Assignment;
  readonly facts: AgentFacts;
  /** What it adds to the counters of the rollout that it is part of. */
  readonly rollout?: RolloutPart;
  /** How it stands with the Package that is to reach it, where it takes packages. */
  readonly packages?: PackagesPart;
}

/** An agent's part in the rollout of its AgentConfig or Package. */
export interface RolloutPart {
  readonly unit: string;
  readonly contribution: UnitContribution;
  /** Whether it has to go back to last good and is not there yet. */
  readonly returns: boolean;
}

/** An agent's part in the rollout of its Package, and where that one's packages stand on their way to it. */
export interface PackagesPart extends RolloutPart {
  /** The Package's name. */
  readonly name: string;
  readonly delivery: Delivery;
  /** Whether it has settled well on them. */
  readonly settled: boolean;
  /** Whether what holds it is a fact of its own, or the rollout. */
  readonly heldBy?: 'agent' | 'rollout';
  /** Why it failed or is held: safe to publish. */
  readonly reason: string | undefined;
}

/** Told of every agent that comes, changes or goes. */
export type RosterObserver = (before: RosterEntry | undefined, after: RosterEntry | undefined) => void;

/** Every agent seen and not yet forgotten, with indexes and counters that are kept as it changes. */
export interface Registry {
  get(uid: InstanceUid): RosterEntry | undefined;
  put(entry: RosterEntry): void;
  remove(uid: InstanceUid): RosterEntry | undefined;
  readonly size: number;
  entries(): IterableIterator<RosterEntry>;
  ofTenant(tenant: string): IterableIterator<RosterEntry>;
  ofConfig(tenant: string, config: string): IterableIterator<RosterEntry>;
  /** By host and uid: every agent, or those of a tenant. */
  inOrder(tenant?: string): readonly PlacedAgent[];
  /** Agents that a Package is to reach. */
  ofPackage(tenant: string, name: string): IterableIterator<RosterEntry>;
  /** Agents whose next step depends on time: offered, applying, or applied and not yet settled, be it packages. */
  inFlight(): IterableIterator<RosterEntry>;
  /** Agents of one AgentConfig that failed, are held, in conflict or on a wrong config. */
  failing(tenant: string, config: string | undefined): IterableIterator<RosterEntry>;
  countsOf(tenant: string, config?: string): AgentCounts;
  /** Agents by each of their four facts; an empty `config` is those without one. */
  statesOf(tenant: string, config?: string): StateCounts;
  tenants(): IterableIterator<string>;
  connectedIn(tenant: string): number;
}

type Index = Map<string, Map<InstanceUid, RosterEntry>>;

/** An empty roster; `observe` is called with each change once it is made. */
export function createRegistry(observe: RosterObserver = () => {}): Registry {
  const all = new Map<InstanceUid, RosterEntry>();
  const byConfig: Index = new Map();
  const byTenant: Index = new Map();
  const byPackage: Index = new Map();
  const flying = new Map<InstanceUid, RosterEntry>();
  const failing: Index = new Map();
  const counters = createCounters();
  const tenantCounters = createCounters();
  const states = createStateCounters();
  const tenantStates = createStateCounters();
  const connected = new Map<string, number>();
  const order = createRosterOrder();

  const linkPackage = (entry: RosterEntry) => {
    if (entry.packages) addTo(byPackage, groupOf(entry.agent.tenant, entry.packages.name), entry);
  };
  const unlinkPackage = ({ agent, packages }: RosterEntry) => {
    if (packages) dropFrom(byPackage, groupOf(agent.tenant, packages.name), agent.uid);
  };
  const unlink = (entry: RosterEntry) => {
    const { agent, facts } = entry;
    const key = groupOf(agent.tenant, facts.config);
    dropFrom(byConfig, key, agent.uid);
    dropFrom(byTenant, agent.tenant, agent.uid);
    unlinkPackage(entry);
    dropFrom(failing, key, agent.uid);
    flying.delete(agent.uid);
    counters.remove(key, facts);
    tenantCounters.remove(agent.tenant, facts);
    states.change(key, facts, -1);
    tenantStates.change(agent.tenant, facts, -1);
    if (facts.connected) connected.set(agent.tenant, (connected.get(agent.tenant) ?? 0) - 1);
  };
  const link = (entry: RosterEntry) => {
    const { agent, facts } = entry;
    const key = groupOf(agent.tenant, facts.config);
    addTo(byConfig, key, entry);
    addTo(byTenant, agent.tenant, entry);
    linkPackage(entry);
    if (isFailing(facts)) addTo(failing, key, entry);
    if (isInFlight(entry)) flying.set(agent.uid, entry);
    counters.add(key, facts);
    tenantCounters.add(agent.tenant, facts);
    states.change(key, facts, 1);
    tenantStates.change(agent.tenant, facts, 1);
    if (facts.connected) connected.set(agent.tenant, (connected.get(agent.tenant) ?? 0) + 1);
  };

  /** The common case: the same agent in the same group, so that maps are set in place and only changed counts move. */
  const replace = (before: RosterEntry, entry: RosterEntry) => {
    const { agent, facts } = entry;
    const key = groupOf(agent.tenant, facts.config);
    byConfig.get(key)?.set(agent.uid, entry);
    byTenant.get(agent.tenant)?.set(agent.uid, entry);
    if (isFailing(facts)) addTo(failing, key, entry);
    else if (isFailing(before.facts)) dropFrom(failing, key, agent.uid);
    if (isInFlight(entry)) flying.set(agent.uid, entry);
    else if (isInFlight(before)) flying.delete(agent.uid);
    if (before.packages?.name !== entry.packages?.name) unlinkPackage(before);
    linkPackage(entry);
    if (!sameStates(before.facts, facts)) {
      states.change(key, before.facts, -1);
      states.change(key, facts, 1);
      tenantStates.change(agent.tenant, before.facts, -1);
      tenantStates.change(agent.tenant, facts, 1);
    }
    if (sameCounts(before.facts, facts)) return;
    counters.remove(key, before.facts);
    counters.add(key, facts);
    tenantCounters.remove(agent.tenant, before.facts);
    tenantCounters.add(agent.tenant, facts);
    if (before.facts.connected !== facts.connected)
      connected.set(agent.tenant, (connected.get(agent.tenant) ?? 0) + (facts.connected ? 1 : -1));
  };

  return {
    get: (uid) => all.get(uid),
    put(entry) {
      const before = all.get(entry.agent.uid);
      all.set(entry.agent.uid, entry);
      if (before && staysInGroup(before, entry)) replace(before, entry);
      else {
        if (before) unlink(before);
        link(entry);
      }
      order.note(before?.agent, entry.agent);
      observe(before, entry);
    },
    remove(uid) {
      const before = all.get(uid);
      if (before) unlink(before);
      all.delete(uid);
      order.note(before?.agent, undefined);
      if (before) observe(before, undefined);
      return before;
    },
    get size() {
      return all.size;
    },
    entries: () => all.values(),
    ofTenant: (tenant) => valuesOf(byTenant, tenant),
    ofConfig: (tenant, config) => valuesOf(byConfig, groupOf(tenant, config)),
    inOrder: (tenant) => order.list(tenant),
    ofPackage: (tenant, name) => valuesOf(byPackage, groupOf(tenant, name)),
    inFlight: () => flying.values(),
    failing: (tenant, config) => valuesOf(failing, groupOf(tenant, config)),
    countsOf: (tenant, config) =>
      config === undefined ? tenantCounters.get(tenant) : counters.get(groupOf(tenant, config)),
    statesOf: (tenant, config) =>
      config === undefined ? tenantStates.get(tenant) : states.get(groupOf(tenant, config)),
    tenants: () => byTenant.keys(),
    connectedIn: (tenant) => connected.get(tenant) ?? 0,
  };
}

function staysInGroup(before: RosterEntry, after: RosterEntry): boolean {
  return before.agent.tenant === after.agent.tenant && before.facts.config === after.facts.config;
}

/** Whether two facts are counted alike. */
function sameCounts(a: AgentFacts, b: AgentFacts): boolean {
  return (
    a.delivery === b.delivery &&
    a.connected === b.connected &&
    a.takesPart === b.takesPart &&
    a.settled === b.settled &&
    a.drifted === b.drifted &&
    a.wrongConfig === b.wrongConfig
  );
}

/** Agents without a config are the group `<tenant>/`. */
function groupOf(tenant: string, config: string | undefined): string {
  return `${tenant}/${config ?? ''}`;
}

function isFailing(facts: AgentFacts): boolean {
  const { delivery } = facts;
  return delivery === 'failed' || delivery === 'held' || delivery === 'conflict' || facts.wrongConfig;
}

function isInFlight(entry: RosterEntry): boolean {
  return hasConfigInFlight(entry.facts) || hasPackagesInFlight(entry);
}

function hasConfigInFlight(facts: AgentFacts): boolean {
  if (!facts.takesPart) return false;
  const { delivery } = facts;
  return (
    delivery === 'offered' ||
    delivery === 'applying' ||
    delivery === 'pending' ||
    (delivery === 'applied' && !facts.settled)
  );
}

/** Whether packages are on their way to an agent, or it has yet to settle on them; one that is gone owes nothing. */
export function hasPackagesInFlight({ facts, packages }: RosterEntry): boolean {
  if (!packages) return false;
  const { contribution, delivery, settled } = packages;
  const takesPart = facts.connected || contribution.counts.includes('inStep');
  const isOnItsWay = delivery === 'offered' || delivery === 'applying' || delivery === 'pending';
  return takesPart && (isOnItsWay || (delivery === 'applied' && !settled));
}

function addTo(index: Index, key: string, entry: RosterEntry): void {
  const group = index.get(key) ?? new Map<InstanceUid, RosterEntry>();
  index.set(key, group);
  group.set(entry.agent.uid, entry);
}

function dropFrom(index: Index, key: string, uid: InstanceUid): void {
  const group = index.get(key);
  if (!group?.delete(uid)) return;
  if (group.size === 0) index.delete(key);
}

function valuesOf(index: Index, key: string): IterableIterator<RosterEntry> {
  return (index.get(key) ?? new Map<InstanceUid, RosterEntry>()).values();
}
