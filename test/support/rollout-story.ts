import type { StandingStatus } from '../../src/model/index.ts';
import { createRolloutFleet, type FleetOptions, type RolloutFleet } from './rollout-fleet.ts';
import { collectorText } from './service.ts';
import { createTestReconciler, type TestReconciler } from './test-reconciler.ts';

/** One agent, a tenth, then all, each with a soak of ten seconds. */
export const carefulRollout = `kind: Rollout
steps:
  - {name: first, count: 1, soak: 10s}
  - {name: tenth, percent: 10, soak: 10s}
failure: {healthTimeout: 30s, maxFailedPercent: 2}
`;

/** A repo whose AgentConfig `edge` takes every agent; `marker` stands in its config. */
export function edgeFiles(
  marker: string,
  over: { readonly rollout?: string; readonly manifest?: string } = {},
): Record<string, string> {
  return {
    'careful.yaml': over.rollout ?? carefulRollout,
    'edge.yaml':
      over.manifest ?? 'kind: AgentConfig\nselector: {}\nconfig: edge/collector.yaml\nrollout: careful\n',
    'edge/collector.yaml': collectorText(marker),
  };
}

export interface Story {
  readonly test: TestReconciler;
  readonly fleet: RolloutFleet;
  /** The first commit. */
  readonly first: string;
}

/** A fleet that has converged on `5s`. */
export async function convergedStory(
  options: Partial<FleetOptions> = {},
  files: Readonly<Record<string, string>> = edgeFiles('5s'),
): Promise<Story> {
  const test = createTestReconciler();
  const first = await test.commit(files);
  const fleet = await createRolloutFleet(test, { count: 200, ...options });
  if (!(await fleet.runUntil(() => statusOf(test, first)?.state === 'success', 900)))
    throw new Error(`not converged: ${statusOf(test, first)?.description}`);
  return { test, fleet, first };
}

/** The status of a context on a commit. */
export function statusOf(test: TestReconciler, sha: string, name = 'fleet'): StandingStatus | undefined {
  return test.standing(sha).get(`muster/${name}`);
}

/** The rollout of an AgentConfig of the only tenant. */
export function rolloutOf(test: TestReconciler, config = 'edge') {
  const unit = test.reconciler.world.rollouts.of('default', config);
  if (!unit) throw new Error(`no rollout of ${config}`);
  return unit.state;
}
