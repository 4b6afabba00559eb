import type { CommitStatus } from '../model/index.ts';

/** The description on hosts that know failures only: it tells an error from one. */
export function flatDescription({ state, description }: CommitStatus): string {
  return state === 'error' ? `error: ${description}` : description;
}
