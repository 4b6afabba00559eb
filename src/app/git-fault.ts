import type { PollState } from '../git-source/index.ts';

/** What a probe is told of the Git remote while it cannot be read; nothing while it can. */
export function gitFault({ failingSince, error }: PollState): Readonly<Record<string, unknown>> {
  if (failingSince === undefined) return {};
  return { git: { failingSince: new Date(failingSince).toISOString(), ...error } };
}
