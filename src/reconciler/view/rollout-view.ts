import type { RosterEntry } from '../../fleet/index.ts';
import type { RolloutDetail, RolloutHead, RolloutPhase, RolloutView, StepCounts } from '../../model/index.ts';
import {
  allowedFailures,
  countedFailures,
  currentStep,
  describeRollout,
  finalStep,
  stepAt,
} from '../../rollout/index.ts';
import type { Unit } from '../rollouts/rollout-book.ts';
import type { World } from '../world.ts';
import { surveySteps } from './step-counts.ts';
import { visitInSlices } from './visit-in-slices.ts';

/** Rollouts in scope: those that go on or have failed first, those that reach nobody last. */
export async function listRollouts(
  { rollouts }: World,
  breathe: () => Promise<void>,
  scope: string,
): Promise<readonly RolloutHead[]> {
  const ranked: readonly RolloutHead[][] = [[], [], [], []];
  await visitInSlices(rollouts.inOrder(), breathe, ({ id, tenant, name, state, tally, present }) => {
    if (!present || (scope !== '*' && scope !== tenant)) return;
    const { phase } = state;
    const { matched } = tally.counts();
    ranked[rankOf(phase, matched)]?.push({ id, tenant, config: name, phase, matched });
  });
  return ranked.flat();
}

function rankOf(phase: RolloutPhase, matched: number): number {
  if (matched === 0) return 3;
  return phase === 'running' ? 0 : phase === 'passed' ? 2 : 1;
}

/** Those of a list; what has gone since is left out. */
export function showRollouts({ rollouts }: World, ids: readonly string[]): readonly RolloutView[] {
  return ids.flatMap((id) => {
    const unit = rollouts.get(id);
    return unit?.present ? [viewRollout(unit)] : [];
  });
}

function viewRollout(unit: Unit): RolloutView {
  const { state, policy, tenant, kind, name, id, timeHold } = unit;
  const counters = unit.tally.counts();
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
      inStep: counters.inStep,
      unsettled: counters.unsettled,
      returning: counters.returning,
    },
  };
}

const maxFailures = 100;
/** Of a step that came with a policy that was taken up while agents were counted. */
const noCounts: StepCounts = { agents: 0, settled: 0, inFlight: 0, failed: 0, held: 0, notConnected: 0 };

/** One rollout with what it waits for and who failed; undefined where there is none in scope. */
export async function viewRolloutDetail(
  world: World,
  breathe: () => Promise<void>,
  { scope, id }: { readonly scope: string; readonly id: string },
): Promise<RolloutDetail | undefined> {
  const unit = world.rollouts.get(id);
  if (!unit?.present || (scope !== '*' && scope !== unit.tenant)) return undefined;
  const { steps, failed } = await surveySteps(world, breathe, unit, maxFailures);
  const { state, policy, timeHold } = unit;
  const counters = unit.tally.counts();
  const { commit } = world.tracked.get(state.target.source) ?? {};
  return {
    ...viewRollout(unit),
    policyAt: policy.at ?? null,
    stepIndex: currentStep(state, policy),
    plan: Array.from({ length: finalStep(policy) + 1 }, (_, index) => {
      const { name, soakMs, approval } = stepAt(policy, index);
      const counts = steps[index] ?? noCounts;
      return { name, soakMs, approval, approved: state.approved.includes(name), counts };
    }),
    series: world.progress.of(id, state.startedAt),
    budget: {
      failed: countedFailures(state, counters),
      allowed: allowedFailures(state, policy, counters),
      action: policy.failure.action,
    },
    maxInFlight: Number.isFinite(policy.maxInFlight) ? policy.maxInFlight : null,
    hold: timeHold ?? null,
    stepEnteredAt: new Date(state.stepEnteredAt).toISOString(),
    pausedBy: state.pause
      ? { by: state.pause.by, reason: state.pause.reason, at: new Date(state.pause.at).toISOString() }
      : null,
    failures: failed.map((entry) => viewFailure(unit, entry)),
    subject: commit?.subject ?? null,
    author: commit?.author ?? null,
  };
}

function viewFailure(
  { kind }: Unit,
  { agent, facts, packages }: RosterEntry,
): RolloutDetail['failures'][number] {
  const ledger = kind === 'config' ? agent.failedHashes : agent.packageProgress?.failedHashes;
  const reason = kind === 'config' ? facts.reason : packages?.reason;
  return {
    uid: agent.uid,
    host: String(agent.labels.get('host.name') ?? agent.uid),
    reason: ledger?.at(-1)?.reason ?? reason ?? '',
  };
}
