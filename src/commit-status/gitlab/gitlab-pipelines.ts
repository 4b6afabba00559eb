import type { Clock } from '../../runtime/index.ts';
import type { HostClient } from '../host-client.ts';
import { membersOf } from '../json-shape.ts';
import { pause } from '../pause.ts';

/** Which pipeline a commit's statuses belong to; without one GitLab opens a second beside the project's own. */
export interface GitlabPipelines {
  /** The commit's pipeline; waits a moment for one right after a push. Undefined where there is none. */
  find(sha: string, signal: AbortSignal): Promise<number | undefined>;
  /** Keeps to this pipeline for the commit; anything but a number is ignored. */
  use(sha: string, pipeline: unknown): void;
}

const tries = 3;
const waitMs = 1_000;
const maxCommits = 256;

/** Looks a commit's pipeline up once and keeps to it. */
export function createGitlabPipelines(
  deps: { readonly client: HostClient; readonly clock: Clock },
  project: string,
): GitlabPipelines {
  const known = new Map<string, number>();
  const use = (sha: string, pipeline: unknown) => {
    if (typeof pipeline !== 'number' || known.has(sha)) return;
    known.set(sha, pipeline);
    const [oldest] = known.keys();
    if (known.size > maxCommits && oldest !== undefined) known.delete(oldest);
  };
  const find = async (sha: string, signal: AbortSignal) => {
    for (let attempt = 0; attempt < tries && !known.has(sha); attempt += 1) {
      if (attempt > 0) await pause(deps.clock, waitMs, signal);
      const answer = await deps.client.request(
        { method: 'GET', path: `${project}/repository/commits/${sha}` },
        signal,
      );
      use(sha, membersOf(membersOf(answer.body).last_pipeline).id);
    }
    return known.get(sha);
  };
  return { find, use };
}
