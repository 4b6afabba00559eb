import {
  type AgentCounts,
  type AgentState,
  type Assignment,
  type Delivery,
  type InstanceUid,
  type StateCounts,
  type UnitContribution,
  unitCountBit,
} from '../model/index.ts';
import { createCounters } from './counters.ts';
import { type AgentFacts, countersOf } from './facts.ts';
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
  /** Agents that time alone may change: those that are gone, and those that poll, of which only silence tells. */
  aging(): IterableIterator<RosterEntry>;
  /** Agents of one AgentConfig that failed, are held, in conflict or on a wrong config. */
  failing(tenant: string, config: string | undefined): IterableIterator<RosterEntry>;
  countsOf(tenant: string, config?: string): AgentCounts;
  /** Agents by each of their four facts; an empty `config` is those without one. */
  statesOf(tenant: string, config?: string): StateCounts;
  tenants(): IterableIterator<string>;
  connectedIn(tenant: string): number;
  /** Another number whenever what is counted of a tenant's agents has changed, or of anybody's where none is named. */
  changesOf(tenant?: string): number;
}

/** Where an agent's newest entry lies: indexes hold cells, so that they stay as they are while it changes within its group. */
interface Cell {
  entry: RosterEntry;
  /** Of the indexes by AgentConfig. */
  readonly group: string;
}

type Index = Map<string, Map<InstanceUid, Cell>>;

/** An empty roster; `observe` is called with each change once it is made. */
export function createRegistry(observe: RosterObserver = () => {}): Registry {
  const all = new Map<InstanceUid, Cell>();
  const byConfig: Index = new Map();
  const byTenant: Index = new Map();
  const byPackage: Index = new Map();
  const flying = new Map<InstanceUid, Cell>();
  const aging = new Map<InstanceUid, Cell>();
  const failing: Index = new Map();
  const counters = createCounters();
  const tenantCounters = createCounters();
  const states = createStateCounters();
  const tenantStates = createStateCounters();
  const connected = new Map<string, number>();
  const order = createRosterOrder();
  const changes = { all: 0, byTenant: new Map<string, number>() };

  const noteChange = (tenant: string) => {
    changes.all += 1;
    if (byTenant.has(tenant)) changes.byTenant.set(tenant, changes.all);
    else changes.byTenant.delete(tenant);
  };
  const packageGroupOf = ({ agent, packages }: RosterEntry) =>
    packages && groupOf(agent.tenant, packages.name);
  const countConnected = (tenant: string, by: number) =>
    connected.set(tenant, (connected.get(tenant) ?? 0) + by);

  const unlink = ({ entry, group }: Cell) => {
    const { agent, facts } = entry;
    const names = countersOf(facts);
    dropFrom(byConfig, group, agent.uid);
    dropFrom(byTenant, agent.tenant, agent.uid);
    const packageGroup = packageGroupOf(entry);
    if (packageGroup !== undefined) dropFrom(byPackage, packageGroup, agent.uid);
    dropFrom(failing, group, agent.uid);
    flying.delete(agent.uid);
    aging.delete(agent.uid);
    counters.move(group, names, 0);
    tenantCounters.move(agent.tenant, names, 0);
    states.move(group, facts, undefined);
    tenantStates.move(agent.tenant, facts, undefined);
    if (facts.connected) countConnected(agent.tenant, -1);
    noteChange(agent.tenant);
  };
  const link = (cell: Cell) => {
    const { entry, group } = cell;
    const { agent, facts } = entry;
    const names = countersOf(facts);
    addTo(byConfig, group, cell);
    addTo(byTenant, agent.tenant, cell);
    const packageGroup = packageGroupOf(entry);
    if (packageGroup !== undefined) addTo(byPackage, packageGroup, cell);
    if (isFailing(facts)) addTo(failing, group, cell);
    if (isInFlight(entry)) flying.set(agent.uid, cell);
    if (isAging(agent)) aging.set(agent.uid, cell);
    counters.move(group, 0, names);
    tenantCounters.move(agent.tenant, 0, names);
    states.move(group, undefined, facts);
    tenantStates.move(agent.tenant, undefined, facts);
    if (facts.connected) countConnected(agent.tenant, 1);
    noteChange(agent.tenant);
  };

  /** The common case: the same agent in the same group, so that only what differs is touched. */
  const replace = (cell: Cell, entry: RosterEntry) => {
    const { entry: before, group } = cell;
    cell.entry = entry;
    moveInIndexes(cell, before);
    const { tenant } = entry.agent;
    const isCountedAlike = sameCounts(before.facts, entry.facts);
    const isShownAlike = sameStates(before.facts, entry.facts);
    if (!isCountedAlike || !isShownAlike) noteChange(tenant);
    if (!isShownAlike) {
      states.move(group, before.facts, entry.facts);
      tenantStates.move(tenant, before.facts, entry.facts);
    }
    if (isCountedAlike) return;
    const [old, fresh] = [countersOf(before.facts), countersOf(entry.facts)];
    counters.move(group, old, fresh);
    tenantCounters.move(tenant, old, fresh);
    if (before.facts.connected !== entry.facts.connected)
      countConnected(tenant, entry.facts.connected ? 1 : -1);
  };
  const moveInIndexes = (cell: Cell, before: RosterEntry) => {
    const { entry, group } = cell;
    const { uid } = entry.agent;
    const [failed, fails] = [isFailing(before.facts), isFailing(entry.facts)];
    if (fails && !failed) addTo(failing, group, cell);
    else if (failed && !fails) dropFrom(failing, group, uid);
    const [flew, flies] = [isInFlight(before), isInFlight(entry)];
    if (flies && !flew) flying.set(uid, cell);
    else if (flew && !flies) flying.delete(uid);
    const [aged, ages] = [isAging(before.agent), isAging(entry.agent)];
    if (ages && !aged) aging.set(uid, cell);
    else if (aged && !ages) aging.delete(uid);
    if (before.packages?.name === entry.packages?.name) return;
    const [old, fresh] = [packageGroupOf(before), packageGroupOf(entry)];
    if (old !== undefined) dropFrom(byPackage, old, uid);
    if (fresh !== undefined) addTo(byPackage, fresh, cell);
  };
  const place = (before: Cell | undefined, entry: RosterEntry) => {
    const { agent, facts } = entry;
    if (before) unlink(before);
    const cell = { entry, group: groupOf(agent.tenant, facts.config) };
    all.set(agent.uid, cell);
    link(cell);
  };

  return {
    get: (uid) => all.get(uid)?.entry,
    put(entry) {
      const cell = all.get(entry.agent.uid);
      const before = cell?.entry;
      if (cell && staysInGroup(cell.entry, entry)) replace(cell, entry);
      else place(cell, entry);
      order.note(before?.agent, entry.agent);
      observe(before, entry);
    },
    remove(uid) {
      const cell = all.get(uid);
      if (!cell) return undefined;
      unlink(cell);
      all.delete(uid);
      order.note(cell.entry.agent, undefined);
      observe(cell.entry, undefined);
      return cell.entry;
    },
    get size() {
      return all.size;
    },
    entries: () => entriesOf(all.values()),
    ofTenant: (tenant) => valuesOf(byTenant, tenant),
    ofConfig: (tenant, config) => valuesOf(byConfig, groupOf(tenant, config)),
    inOrder: (tenant) => order.list(tenant),
    ofPackage: (tenant, name) => valuesOf(byPackage, groupOf(tenant, name)),
    inFlight: () => entriesOf(flying.values()),
    aging: () => entriesOf(aging.values()),
    failing: (tenant, config) => valuesOf(failing, groupOf(tenant, config)),
    countsOf: (tenant, config) =>
      config === undefined ? tenantCounters.get(tenant) : counters.get(groupOf(tenant, config)),
    statesOf: (tenant, config) =>
      config === undefined ? tenantStates.get(tenant) : states.get(groupOf(tenant, config)),
    tenants: () => byTenant.keys(),
    connectedIn: (tenant) => connected.get(tenant) ?? 0,
    changesOf: (tenant) => (tenant === undefined ? changes.all : (changes.byTenant.get(tenant) ?? 0)),
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

function isAging({ connected, transport }: AgentState): boolean {
  return !connected || transport === 'http';
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
  const takesPart = facts.connected || (contribution.counts & unitCountBit.inStep) !== 0;
  const isOnItsWay = delivery === 'offered' || delivery === 'applying' || delivery === 'pending';
  return takesPart && (isOnItsWay || (delivery === 'applied' && !settled));
}

function addTo(index: Index, key: string, cell: Cell): void {
  const group = index.get(key) ?? new Map<InstanceUid, Cell>();
  index.set(key, group);
  group.set(cell.entry.agent.uid, cell);
}

function dropFrom(index: Index, key: string, uid: InstanceUid): void {
  const group = index.get(key);
  if (!group?.delete(uid)) return;
  if (group.size === 0) index.delete(key);
}

function valuesOf(index: Index, key: string): IterableIterator<RosterEntry> {
  return entriesOf(index.get(key)?.values() ?? []);
}

function* entriesOf(cells: Iterable<Cell>): IterableIterator<RosterEntry> {
  for (const { entry } of cells) yield entry;
}
