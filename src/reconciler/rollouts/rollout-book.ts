import type { RolloutPart, RosterEntry } from '../../fleet/index.ts';
import type {
  InstanceUid,
  RolloutPolicy,
  RolloutState,
  UnitContribution,
  UnitCounters,
} from '../../model/index.ts';
import {
  type AfterStanding,
  createUnitTally,
  type Offerable,
  type RolloutDecision,
  type TimeGate,
  type UnitTally,
} from '../../rollout/index.ts';
import { type UnitName, unitId, unitKey } from './unit-id.ts';

/** The rollout of one AgentConfig or Package, with what is counted and cached of it. Only the loop writes to it. */
export interface Unit extends UnitName {
  /** From `unitId`. */
  readonly id: string;
  readonly state: RolloutState;
  policy: RolloutPolicy;
  gate: TimeGate;
  readonly tally: UnitTally;
  /** `version` of the state under which every agent has been counted. */
  counted: number;
  /** Counts of `tally` that each decision needs, as they are now. */
  readonly counts: Readonly<Pick<UnitCounters, 'inFlight' | 'moved'>>;
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
  /** Whether its AgentConfig or Package is in force: a removed one is kept, so that a revert finds what was good. */
  present: boolean;
}

/** The rollouts of every AgentConfig and Package, and which of them have to be looked at. */
export interface RolloutBook {
  get(unit: string): Unit | undefined;
  of(tenant: string, config: string): Unit | undefined;
  ofPackage(tenant: string, name: string): Unit | undefined;
  units(): IterableIterator<Unit>;
  /** All of them by id. */
  inOrder(): readonly Unit[];
  /** Gives a rollout its next state. */
  move(unit: Unit, state: RolloutState): void;
  /** Another number whenever a tenant's rollouts were moved or counted anew, or anybody's where none is named. */
  changesOf(tenant?: string): number;
  /** Those of manifests that are gone in the order in which they went. */
  ofTenant(tenant: string): IterableIterator<Unit>;
  /** Its manifest is in force no more. */
  dismiss(unit: Unit): void;
  add(unit: Pick<Unit, keyof UnitName | 'state' | 'policy' | 'gate' | 'present'>): Unit;
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
  const changes = { all: 0, byTenant: new Map<string, number>() };
  let sorted: readonly Unit[] | undefined;

  const noteChange = ({ tenant }: Unit) => {
    changes.all += 1;
    if (byTenant.get(tenant)?.size) changes.byTenant.set(tenant, changes.all);
    else changes.byTenant.delete(tenant);
  };

  const move = (id: string, old: UnitContribution | undefined, next: UnitContribution | undefined) => {
    const unit = units.get(id);
    if (!unit || isSame(old, next)) return;
    unit.tally.move(old, next);
    dirty.add(unit.id);
    noteChange(unit);
  };
  /** Who has left a rollout waits in it no more, or those behind would wait for ever. */
  const follow = (uid: InstanceUid, old: RolloutPart | undefined, next: RolloutPart | undefined) => {
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
  const noteParts = (uid: InstanceUid, old: RolloutPart | undefined, next: RolloutPart | undefined) => {
    if (old === next) return;
    follow(uid, old, next);
    if (old && old.unit === next?.unit) return move(old.unit, old.contribution, next.contribution);
    if (old) move(old.unit, old.contribution, undefined);
    if (next) move(next.unit, undefined, next.contribution);
    if (old) forget(old.unit, uid);
  };
  return {
    get: (unit) => units.get(unit),
    of: (tenant, config) => byTenant.get(tenant)?.get(config),
    ofPackage: (tenant, name) => byTenant.get(tenant)?.get(unitKey({ kind: 'package', name })),
    units: () => units.values(),
    inOrder() {
      sorted ??= [...units.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
      return sorted;
    },
    move(unit, state) {
      Object.assign(unit, { state });
      noteChange(unit);
    },
    changesOf: (tenant) => (tenant === undefined ? changes.all : (changes.byTenant.get(tenant) ?? 0)),
    ofTenant: (tenant) => (byTenant.get(tenant) ?? new Map<string, Unit>()).values(),
    add(parts) {
      const id = unitId(parts);
      const tally = createUnitTally();
      const unit: Unit = {
        ...parts,
        id,
        tally,
        counted: 0,
        counts: tally.counts(),
        wakeAt: Number.POSITIVE_INFINITY,
        timeHold: undefined,
        after: { kind: 'passed' },
        orders: new Map(),
        waiting: new Set(),
        returning: new Set(),
      };
      units.set(id, unit);
      const own = byTenant.get(unit.tenant) ?? new Map<string, Unit>();
      byTenant.set(unit.tenant, own.set(unitKey(unit), unit));
      dirty.add(id);
      sorted = undefined;
      noteChange(unit);
      return unit;
    },
    dismiss(unit) {
      if (!unit.present) return;
      unit.present = false;
      byTenant.get(unit.tenant)?.delete(unitKey(unit));
      byTenant.get(unit.tenant)?.set(unitKey(unit), unit);
      noteChange(unit);
    },
    remove(id) {
      const unit = units.get(id);
      if (unit) {
        byTenant.get(unit.tenant)?.delete(unitKey(unit));
        timed.delete(unit);
        noteChange(unit);
      }
      sorted = undefined;
      units.delete(id);
      dirty.delete(id);
    },
    note(before, after) {
      const uid = (after ?? before)?.agent.uid;
      if (uid === undefined) return;
      noteParts(uid, before?.rollout, after?.rollout);
      noteParts(uid, before?.packages, after?.packages);
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

/** Keeps who waits for a place under `maxInFlight`. */
export function noteWaiting(unit: Unit, uid: InstanceUid, decision: RolloutDecision<Offerable>): void {
  if (decision.kind === 'hold' && decision.forPlace) unit.waiting.add(uid);
  else if (unit.waiting.size > 0) unit.waiting.delete(uid);
}

function isSame(a: UnitContribution | undefined, b: UnitContribution | undefined): boolean {
  return (
    a?.counts === b?.counts &&
    a?.candidate?.order === b?.candidate?.order &&
    a?.candidate?.healthy === b?.candidate?.healthy
  );
}
