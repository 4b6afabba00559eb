import type { StandingStatus } from '../model/index.ts';
import { isVerdict } from './is-verdict.ts';

/**
 * The status that stands after `computed` was found where `previous` stood. A verdict is final: after it only
 * success may become failure, once, for a wrong config, and anything may follow an operator's new attempt
 * (contract.md, "What is written back"). What is said of a pull request's head is a forecast, which the next one
 * replaces, and the commit's own status once it is a revision.
 */
export function nextStatus(previous: StandingStatus | undefined, computed: StandingStatus): StandingStatus {
  if (!previous || previous.pullRequest || !isVerdict(previous.state)) return computed;
  if (computed.pullRequest) return previous;
  if (computed.attempt > previous.attempt) return computed;
  const foundWrong = computed.state === 'failure' && computed.cause === 'wrong-config';
  return previous.state === 'success' && foundWrong ? computed : previous;
}
