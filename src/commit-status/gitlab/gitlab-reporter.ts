import { type CommitStatus, isMusterError, type StatusState } from '../../model/index.ts';
import type { Clock } from '../../runtime/index.ts';
import { flatDescription } from '../flat-description.ts';
import type { HostClient } from '../host-client.ts';
import { hostErrorCodes } from '../host-error.ts';
import { elementsOf, membersOf, textOf } from '../json-shape.ts';
import { createReadBackReporter, type PostedStatus, type StandingOnCommit } from '../read-back-reporter.ts';
import type { ReporterLimits, StatusReporter } from '../status-reporter.ts';
import { createGitlabPipelines, type GitlabPipelines } from './gitlab-pipelines.ts';
import { projectPath } from './gitlab-shapes.ts';

/** A pending text cannot be replaced on GitLab, so few writes are made; its rate limits are per user and minute. */
const gitlabLimits: ReporterLimits = {
  minIntervalMs: 200,
  writesPerHour: 3_000,
  recordsPerContext: 1_000,
  stalledRetryMs: 15 * 60_000,
};

export interface GitlabOptions {
  /** The project's numeric id or full path, subgroups included. */
  readonly repo: string;
  /** The branch that Muster follows: without it GitLab guesses a pipeline. */
  readonly ref: string;
}

/**
 * Posts commit statuses to GitLab: `pending` once, `running` once for progress, then the verdict, since GitLab
 * refuses a second `pending` or `running` and keeps the first one's text.
 */
export function createGitlabReporter(
  deps: { readonly client: HostClient; readonly clock: Clock },
  options: GitlabOptions,
): StatusReporter {
  const { client } = deps;
  const project = projectPath(options.repo);
  const pipelines = createGitlabPipelines(deps, project);
  const refOf = (status: CommitStatus) => status.pullRequest?.branch ?? options.ref;
  const read = async (status: CommitStatus, signal: AbortSignal): Promise<StandingOnCommit> => {
    const latest = await readLatest(client, project, refOf(status), status, signal);
    if (!latest) return { complete: false, byContext: new Map() };
    pipelines.use(status.sha, latest.pipeline_id);
    return { complete: false, byContext: new Map([[status.context.toLowerCase(), toShown(latest)]]) };
  };
  const write = async (status: CommitStatus, posted: PostedStatus | undefined, signal: AbortSignal) => {
    const state = nextState(status.state, posted);
    const body = await toGitlabBody(status, state, refOf(status), pipelines, signal);
    try {
      const answer = await client.request(
        { method: 'POST', path: `${project}/statuses/${status.sha}`, body },
        signal,
      );
      pipelines.use(status.sha, membersOf(answer.body).pipeline_id);
    } catch (error) {
      if (!isMusterError(error, hostErrorCodes.sameState)) throw error;
      const shown = (await read(status, signal)).byContext.get(status.context.toLowerCase());
      if (!shown || !isSame(shown, status)) throw error;
      return shown;
    }
    return { state, description: flatDescription(status), targetUrl: status.targetUrl ?? '' };
  };
  const reporter = createReadBackReporter({ name: 'gitlab', limits: gitlabLimits, read, isSame, write });
  return {
    ...reporter,
    async report(status, signal) {
      // GitLab wants a fork's status on the fork, where our token has no rights: the note on the merge request tells it.
      if (!status.pullRequest?.fork) await reporter.report(status, signal);
    },
  };
}

/** GitLab's word for a state; a pending that stands already can only move on to `running`. */
function nextState(state: StatusState, posted: PostedStatus | undefined): string {
  switch (state) {
    case 'pending':
      return posted?.state === 'pending' ? 'running' : 'pending';
    case 'success':
      return 'success';
    case 'failure':
    case 'error':
      return 'failed';
  }
}

function isSame(posted: PostedStatus, status: CommitStatus): boolean {
  if (status.state !== 'pending')
    return posted.state === nextState(status.state, posted) && posted.description === flatDescription(status);
  return (
    posted.state === 'running' || (posted.state === 'pending' && posted.description === status.description)
  );
}

function toShown(row: Readonly<Record<string, unknown>>): PostedStatus {
  return {
    state: textOf(row.status),
    description: textOf(row.description),
    targetUrl: textOf(row.target_url),
  };
}

async function toGitlabBody(
  status: CommitStatus,
  state: string,
  ref: string,
  pipelines: GitlabPipelines,
  signal: AbortSignal,
): Promise<object> {
  const pipeline = await pipelines.find(status.sha, signal);
  return {
    state,
    name: status.context,
    description: flatDescription(status),
    ref,
    ...(status.targetUrl === undefined ? {} : { target_url: status.targetUrl }),
    ...(pipeline === undefined ? {} : { pipeline_id: pipeline }),
  };
}

/** The newest row of the status's name: rows come in any order, and once per pipeline. */
async function readLatest(
  client: HostClient,
  project: string,
  ref: string,
  status: CommitStatus,
  signal: AbortSignal,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const path = `${project}/repository/commits/${status.sha}/statuses`;
  let latest: Readonly<Record<string, unknown>> | undefined;
  const query = { name: status.context, ref, per_page: 100 };
  for await (const page of client.pages({ method: 'GET', path, query }, signal)) {
    for (const element of elementsOf(page)) {
      const row = membersOf(element);
      if (textOf(row.name).toLowerCase() !== status.context.toLowerCase()) continue;
      if (!latest || Number(row.id) > Number(latest.id)) latest = row;
    }
  }
  return latest;
}
