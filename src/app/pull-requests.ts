import {
  composePlanComment,
  composePlanStatuses,
  type GitHost,
  type Outbox,
  planUrl,
} from '../commit-status/index.ts';
import type { GitSource } from '../git-source/index.ts';
import {
  createPullRequestWatcher,
  type OpenPull,
  type PullOutcome,
  type PullRequestWatcher,
  type World,
} from '../reconciler/index.ts';
import type { Clock, Logger, ServiceSettings } from '../runtime/index.ts';
import type { ThreadedConfigEngine } from '../workers/index.ts';

export interface PullRequestDeps {
  readonly host: GitHost;
  readonly outbox: Pick<Outbox, 'submit' | 'submitComment' | 'statuses'>;
  readonly source: GitSource;
  readonly engine: ThreadedConfigEngine;
  readonly world: World;
  readonly clock: Clock;
  readonly logger: Logger;
}

const minute = 60_000;
const maxOpen = 200;

/** Plans the Git host's open pull requests: two statuses on every head, and one comment that is kept up to date. */
export function watchPullRequests(
  settings: Pick<ServiceSettings, 'git' | 'instance' | 'publicUrl'>,
  deps: PullRequestDeps,
): PullRequestWatcher {
  const { host, source, engine, world, clock, logger } = deps;
  return createPullRequestWatcher(
    {
      ...{ world, engine, clock, logger },
      listOpen: async (signal) => [
        ...(await listQueue(source, settings.git.ref, signal)),
        ...(await host.pullRequests.list(signal)),
      ],
      readMerge: (want, known, signal) => source.readMerge(want, known, signal),
      onOutcome: (pull, outcome) => tell(pull, outcome, settings, deps),
      breathe: () => new Promise((resolve) => setImmediate(resolve)),
    },
    {
      branch: settings.git.ref,
      everyMs: minute,
      debounceMs: 2_000,
      refreshMs: 10 * minute,
      retryMs: 5 * minute,
      maxOpen,
    },
  );
}

/** GitHub's merge queue: a required status must be on the queue's own commits too, or the queue stands still. */
async function listQueue(
  source: Pick<GitSource, 'listRefs'>,
  branch: string,
  signal: AbortSignal,
): Promise<readonly OpenPull[]> {
  const name = branch.replace(/^refs\/heads\//, '');
  const refs = await source.listRefs(`refs/heads/gh-readonly-queue/${name}/`, signal);
  return refs.map((ref) => ({
    number: undefined,
    head: ref.commit,
    headBranch: ref.name.replace(/^refs\/heads\//, ''),
    baseRef: `refs/heads/${name}`,
    mergeRef: undefined,
    fork: false,
  }));
}

function tell(
  pull: OpenPull,
  outcome: PullOutcome,
  { instance, publicUrl }: Pick<ServiceSettings, 'instance' | 'publicUrl'>,
  { host, outbox, source }: PullRequestDeps,
): void {
  const { number, head, headBranch, fork } = pull;
  const place = {
    sha: head,
    ...(number !== undefined && { pullRequest: { number, branch: headBranch, fork } }),
    ...(instance !== undefined && { instance }),
    ...(publicUrl !== undefined && { publicUrl }),
  };
  // After a restart every head is planned anew: what stands stays until there is something else to say.
  if (outcome.kind === 'planning' && hasVerdict(outbox, head)) return;
  outbox.submit(composePlanStatuses(outcome, place));
  if (outcome.kind !== 'planned' || number === undefined) return;
  const wholeUrl = planUrl(place);
  const whole = wholeUrl === undefined ? {} : { wholeUrl };
  outbox.submitComment({
    pullRequest: number,
    marker: markerOf(instance, source.describe()),
    markdown: composePlanComment(outcome.plan, { format: host.comments.format, ...whole }),
    ...whole,
  });
}

function hasVerdict(outbox: Pick<Outbox, 'statuses'>, sha: string): boolean {
  return outbox.statuses(sha).some(({ status }) => status.state !== 'pending');
}

/** Tells our comment from those of other instances, and of other fleets in one repository. */
function markerOf(instance: string | undefined, repo: string): string {
  const name = repo
    .replace(/^[a-z+]+:\/\//, '')
    .replace(/[^\w.:/-]/g, '-')
    .slice(-70);
  return `plan:${instance ?? ''}:${name}`;
}
