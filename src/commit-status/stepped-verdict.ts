import type { RolloutStanding } from '../model/index.ts';
import { fitList } from './status-text.ts';
import type { Verdict } from './verdict.ts';

/** The verdict of rollouts that go by steps: the worst of them, named where there are several. */
export function steppedVerdict(rollouts: readonly RolloutStanding[]): Verdict | undefined {
  const order = ['failure', 'error', 'pending', 'success'] as const;
  const state = order.find((one) => rollouts.some((rollout) => rollout.state === one));
  if (state === undefined) return undefined;
  const telling = rollouts.filter((rollout) => rollout.state === state);
  const [only] = telling;
  if (only && rollouts.length === 1) return { state, text: only.text };
  const texts = telling.map(({ config, text }) => `${config}: ${text}`);
  return { state, text: fitList('', texts, '; ') };
}
