import type { RolloutState, UnitCounters } from '../model/index.ts';
import type { AfterStanding } from './advance.ts';

/** A unit named by `after`: its state and counters, where it has any. */
export interface AfterUnit {
  readonly name: string;
  readonly state: RolloutState | undefined;
  readonly counters: UnitCounters | undefined;
}

/** The worst standing of the units that a rollout comes after; one without agents holds nobody. */
export function afterStandingOf(units: readonly AfterUnit[]): AfterStanding {
  const failed = units.find(({ state }) => state !== undefined && hasFailed(state));
  if (failed) return { kind: 'failed', unit: failed.name };
  const running = units.find((unit) => isUnderWay(unit));
  return running ? { kind: 'running', unit: running.name } : { kind: 'passed' };
}

function hasFailed({ phase }: RolloutState): boolean {
  return phase === 'failed' || phase === 'rolled-back' || phase === 'aborted' || phase === 'blocked';
}

function isUnderWay({ state, counters }: AfterUnit): boolean {
  return state?.phase === 'running' && counters?.matched !== 0;
}
