import type { StatusState } from '../model/index.ts';

/** Whether a state is a verdict: final but for the exceptions of `nextStatus`. `error` is none. */
export function isVerdict(state: StatusState): boolean {
  return state === 'success' || state === 'failure';
}
