import type { RolloutFreeze, RolloutPolicy, RolloutWindow } from '../model/index.ts';
import { instantsOf, zonedTime } from './zoned-time.ts';

/** When offers of kind (a) may go out: inside a window, where there are any, and outside every freeze. */
export interface TimeGate {
  readonly windows: readonly RolloutWindow[];
  readonly freezes: readonly RolloutFreeze[];
}

const weekDays = 8;
const maxChanges = 5_000;

/** The policy's windows and freezes, and the fleet's freezes, which hold for every rollout. */
export function timeGateOf(policy: RolloutPolicy, fleetFreezes: readonly RolloutFreeze[]): TimeGate {
  return { windows: policy.windows, freezes: [...fleetFreezes, ...policy.freezes] };
}

/** Why time holds offers at `now`, in a short text; undefined where it does not. */
export function timeHold(gate: TimeGate, now: number): string | undefined {
  const freeze = gate.freezes.find(({ from, to }) => from <= now && now < to);
  if (freeze) return `frozen until ${utcText(freeze.to)}: ${freeze.reason}`;
  if (gate.windows.length === 0 || gate.windows.some((window) => isInside(window, now))) return undefined;
  const opens = nextChange(gate, now);
  return opens === undefined ? 'outside its windows' : `outside its windows until ${utcText(opens)}`;
}

/** The next instant after `now` at which the gate opens or closes; undefined where it never does again. */
export function nextChange(gate: TimeGate, now: number): number | undefined {
  const open = isOpen(gate, now);
  const { windows, freezes } = gate;
  const later = edgesAfter(gate, now).filter((at) => at > now && isOpen(gate, at) !== open);
  if (later.length > 0) return later.reduce((least, at) => Math.min(least, at));
  // A freeze may outlast the week in which windows were looked for.
  const thaw = freezes.map(({ to }) => to).filter((to) => to > now);
  if (windows.length === 0 || thaw.length === 0) return undefined;
  return nextChange(
    { windows, freezes: freezes.filter(({ to }) => to > Math.min(...thaw)) },
    Math.min(...thaw),
  );
}

/** Every instant in the next week at which a window or freeze may begin or end. */
function edgesAfter({ windows, freezes }: TimeGate, now: number): readonly number[] {
  const edges = freezes.flatMap(({ from, to }) => [from, to]);
  for (const { from, to, timeZone } of windows)
    for (let day = -1; day <= weekDays; day += 1)
      for (const minute of [from, to, 0]) edges.push(...instantsOf(now, day, minute, timeZone));
  return edges;
}

/** Milliseconds between two instants in which the gate is open. */
export function openTime(gate: TimeGate, from: number, to: number): number {
  if (gate.windows.length === 0 && gate.freezes.length === 0) return Math.max(0, to - from);
  let open = 0;
  let at = from;
  for (let changes = 0; at < to && changes < maxChanges; changes += 1) {
    const next = Math.min(nextChange(gate, at) ?? to, to);
    if (isOpen(gate, at)) open += next - at;
    at = next;
  }
  return open;
}

function isOpen({ windows, freezes }: TimeGate, at: number): boolean {
  if (freezes.some(({ from, to }) => from <= at && at < to)) return false;
  return windows.length === 0 || windows.some((window) => isInside(window, at));
}

function isInside({ days, from, to, timeZone }: RolloutWindow, at: number): boolean {
  const { day, minute } = zonedTime(at, timeZone);
  const isOn = (which: number) => days.length === 0 || days.includes(which);
  if (from < to) return isOn(day) && from <= minute && minute < to;
  return (isOn(day) && minute >= from) || (isOn((day + 6) % 7) && minute < to);
}

function utcText(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16)}Z`;
}
