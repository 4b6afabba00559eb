import type { RolloutView } from '../../model/index.ts';
import { currentStep, describeRollout, finalStep, stepAt } from '../../rollout/index.ts';
import type { Unit } from '../rollouts/rollout-book.ts';
import type { World } from '../world.ts';

/** Rollouts in scope, those that go on or have failed first. */
export function listRollouts(world: World, scope: string): readonly RolloutView[] {
  const units = [...world.rollouts.units()].filter(
    ({ tenant, present }) => present && (scope === '*' || scope === tenant),
  );
  return units.map(viewRollout).sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1));
}

function rank({ phase }: RolloutView): number {
  return phase === 'running' ? 0 : phase === 'passed' ? 2 : 1;
}

function viewRollout(unit: Unit): RolloutView {
  const { state, policy, tenant, kind, name, id, timeHold } = unit;
  const counters = unit.tally.counters(state.version);
  const { state: status, text } = describeRollout(state, policy, counters, { hold: timeHold });
  const step = currentStep(state, policy);
  return {
    id,
    kind: kind === 'config' ? 'AgentConfig' : 'Package',
    tenant,
    config: name,
    policy: policy.name,
    phase: state.phase,
    status,
    text,
    revision: state.target.source,
    lastGood: state.lastGood?.source ?? null,
    step: step < 0 ? null : stepAt(policy, step).name,
    steps: Array.from({ length: finalStep(policy) + 1 }, (_, index) => stepAt(policy, index).name),
    paused: state.pause?.reason ?? null,
    pinned: state.pin ? { to: state.pin.to, reason: state.pin.reason } : null,
    reason: state.reason ?? null,
    startedAt: new Date(state.startedAt).toISOString(),
    endedAt: state.endedAt === undefined ? null : new Date(state.endedAt).toISOString(),
    agents: {
      matched: counters.matched,
      connected: counters.connected,
      applied: counters.applied,
      settled: counters.settledWell,
      failed: counters.failed,
      inFlight: counters.inFlight,
      held: counters.held,
    },
  };
}
