import type { RosterEntry } from '../../fleet/index.ts';
import type {
  InstanceUid,
  RolloutPolicy,
  RolloutState,
  UnitContribution,
  UnitCountName,
} from '../../model/index.ts';
import { type AfterStanding, createUnitTally, type TimeGate, type UnitTally } from '../../rollout/index.ts';

/** One AgentConfig's rollout, with what is counted and cached of it. Only the loop writes to it. */
export interface Unit {
  /** `<tenant>/<config>`. */
  readonly id: string;
  readonly tenant: string;
  readonly config: string;
  state: RolloutState;
  policy: RolloutPolicy;
  gate: TimeGate;
  readonly tally: UnitTally;
  /** `version` of the state under which every agent has been counted. */
  counted: number;
  /** Counts that each decision needs. */
  readonly counts: { inFlight: number; moved: number };
  /** When time alone may move it, in milliseconds since the epoch. */
  wakeAt: number;
  /** Why time or an `after` holds offers, as of the last pass. */
  timeHold: string | undefined;
  after: AfterStanding;
  /** Each agent's place in the order, which never changes. */
  readonly orders: Map<InstanceUid, number>;
  /** Agents that wait for a place under `maxInFlight`. */
  readonly waiting: Set<InstanceUid>;
  /** Agents on their way back to last good. */
  readonly returning: Set<InstanceUid>;
  /** Whether its AgentConfig is in force: a removed one is kept, so that a revert finds what was good. */
  present: boolean;
}

/** The rollouts of every AgentConfig, and which of them have to be looked at. */
export interface RolloutBook {
  get(unit: string): Unit | undefined;
  of(tenant: string, config: string): Unit | undefined;
  units(): IterableIterator<Unit>;
  /** Those of AgentConfigs that are gone in the order in which they went. */
  ofTenant(tenant: string): IterableIterator<Unit>;
  /** Its AgentConfig is in force no more. */
  dismiss(unit: Unit): void;
  add(unit: Pick<Unit, 'tenant' | 'config' | 'state' | 'policy' | 'gate' | 'present'>): Unit;
  remove(unit: string): void;
  /** Keeps the counters as agents come, change and go. */
  note(before: RosterEntry | undefined, after: RosterEntry | undefined): void;
  /** Something about it changed. */
  touch(unit: string): void;
  /** Notes when time alone may move it, in milliseconds since the epoch; undefined where it cannot. */
  wake(unit: Unit, at: number | undefined): void;
  /** Units that changed since, or whose time has come; forgets that they did. */
  takeDue(now: number): readonly Unit[];
}

/** A book without rollouts. */
export function createRolloutBook(): RolloutBook {
  const units = new Map<string, Unit>();
  const byTenant = new Map<string, Map<string, Unit>>();
  const dirty = new Set<string>();
  const timed = new Set<Unit>();

  const change = (part: NonNullable<RosterEntry['rollout']>, by: 1 | -1) => {
    const unit = units.get(part.unit);
    if (!unit) return;
    if (by === 1) unit.tally.add(part.contribution);
    else unit.tally.remove(part.contribution);
    unit.counts.inFlight += by * count(part.contribution, 'inFlight');
    unit.counts.moved += by * count(part.contribution, 'moved');
    dirty.add(unit.id);
  };
  /** Who has left a rollout waits in it no more, or those behind would wait for ever. */
  const follow = (before: RosterEntry | undefined, after: RosterEntry | undefined) => {
    const uid = (after ?? before)?.agent.uid;
    if (uid === undefined) return;
    const [old, next] = [before?.rollout, after?.rollout];
    if (old && old.unit !== next?.unit) {
      units.get(old.unit)?.waiting.delete(uid);
      units.get(old.unit)?.returning.delete(uid);
    }
    if (next?.returns) units.get(next.unit)?.returning.add(uid);
    else if (next && old?.returns) units.get(next.unit)?.returning.delete(uid);
  };
  const forget = (id: string, uid: InstanceUid) => {
    units.get(id)?.orders.delete(uid);
    units.get(id)?.waiting.delete(uid);
  };
  return {
    get: (unit) => units.get(unit),
    of: (tenant, config) => byTenant.get(tenant)?.get(config),
    units: () => units.values(),
    ofTenant: (tenant) => (byTenant.get(tenant) ?? new Map<string, Unit>()).values(),
    add(parts) {
      const id = unitId(parts.tenant, parts.config);
      const unit: Unit = {
        ...parts,
        id,
        tally: createUnitTally(),
        counted: 0,
        counts: { inFlight: 0, moved: 0 },
        wakeAt: Number.POSITIVE_INFINITY,
        timeHold: undefined,
        after: { kind: 'passed' },
        orders: new Map(),
        waiting: new Set(),
        returning: new Set(),
      };
      units.set(id, unit);
      const own = byTenant.get(unit.tenant) ?? new Map<string, Unit>();
      byTenant.set(unit.tenant, own.set(unit.config, unit));
      dirty.add(id);
      return unit;
    },
    dismiss(unit) {
      if (!unit.present) return;
      unit.present = false;
      byTenant.get(unit.tenant)?.delete(unit.config);
      byTenant.get(unit.tenant)?.set(unit.config, unit);
    },
    remove(id) {
      const unit = units.get(id);
      if (unit) {
        byTenant.get(unit.tenant)?.delete(unit.config);
        timed.delete(unit);
      }
      units.delete(id);
      dirty.delete(id);
    },
    note(before, after) {
      const [old, next] = [before?.rollout, after?.rollout];
      if (old === next) return;
      follow(before, after);
      if (old && next && old.unit === next.unit && isSame(old.contribution, next.contribution)) return;
      if (old) change(old, -1);
      if (next) change(next, 1);
      if (before && old && old.unit !== next?.unit) forget(old.unit, before.agent.uid);
    },
    touch: (unit) => void dirty.add(unit),
    wake(unit, at) {
      unit.wakeAt = at ?? Number.POSITIVE_INFINITY;
      if (at === undefined) timed.delete(unit);
      else timed.add(unit);
    },
    takeDue(now) {
      const due = new Set<Unit>();
      for (const id of dirty) {
        const unit = units.get(id);
        if (unit) due.add(unit);
      }
      for (const unit of timed) if (unit.wakeAt <= now) due.add(unit);
      dirty.clear();
      return [...due];
    },
  };
}

/** The name of an AgentConfig's rollout. */
export function unitId(tenant: string, config: string): string {
  return `${tenant}/${config}`;
}

function count({ counts }: UnitContribution, name: UnitCountName): number {
  return counts.includes(name) ? 1 : 0;
}

function isSame(a: UnitContribution, b: UnitContribution): boolean {
  if (a.candidate?.order !== b.candidate?.order || a.candidate?.healthy !== b.candidate?.healthy)
    return false;
  return a.counts.length === b.counts.length && a.counts.every((name, index) => name === b.counts[index]);
}
