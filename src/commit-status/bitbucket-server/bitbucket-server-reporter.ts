import { type CommitStatus, isMusterError } from '../../model/index.ts';
import { fromBuildStatus, isSameBuild, toBuildStatus } from '../bitbucket-shapes.ts';
import type { HostClient } from '../host-client.ts';
import { hostErrorCodes } from '../host-error.ts';
import { branchRef } from '../open-pull-requests.ts';
import { createReadBackReporter, type PostedStatus, type StandingOnCommit } from '../read-back-reporter.ts';
import { statusKey } from '../status-key.ts';
import type { ReporterLimits, StatusReporter } from '../status-reporter.ts';
import { bitbucketServerPath } from './bitbucket-server-path.ts';

/** The administrator sets the rate limit, if any. */
const bitbucketServerLimits: ReporterLimits = {
  minIntervalMs: 200,
  writesPerHour: 3_000,
  recordsPerContext: Number.POSITIVE_INFINITY,
  stalledRetryMs: 15 * 60_000,
};

export interface BitbucketServerOptions {
  /** `PROJECT/name`. */
  readonly repo: string;
  /** Base URL of the API, from which the address of a commit's page is made. */
  readonly apiUrl: string;
  /** The branch that Muster follows. */
  readonly branch: string;
}

/** Posts build statuses to Bitbucket Data Center, version 7.4 and later, with the `parent` that "Required builds" names. */
export function createBitbucketServerReporter(
  client: HostClient,
  options: BitbucketServerOptions,
): StatusReporter {
  const repoPath = bitbucketServerPath(options.repo);
  const pages = options.apiUrl.replace(/\/rest\/api\/[^/]+$/, '') + repoPath;
  const toBody = (status: CommitStatus) => toBuildStatus(status, `${pages}/commits/${status.sha}`);
  return createReadBackReporter({
    name: 'bitbucket-server',
    limits: bitbucketServerLimits,
    async read(status, signal): Promise<StandingOnCommit> {
      const posted = await readPosted(client, `${repoPath}/commits/${status.sha}/builds`, status, signal);
      return { complete: false, byContext: new Map(posted ? [[status.context.toLowerCase(), posted]] : []) };
    },
    isSame: (posted, status) => isSameBuild(posted, fromBuildStatus(toBody(status))),
    async write(status, _posted, signal) {
      const body = {
        ...toBody(status),
        parent: status.context.replaceAll('/', '-').slice(0, 255),
        ...(status.pullRequest?.fork ? {} : { ref: branchRef(status.pullRequest?.branch ?? options.branch) }),
      };
      await client.request(
        { method: 'POST', path: `${repoPath}/commits/${status.sha}/builds`, body },
        signal,
      );
      return fromBuildStatus(body);
    },
  });
}

/** Headers that every request carries: without it, writes are refused as forged by a browser. */
export const bitbucketServerHeaders: Readonly<Record<string, string>> = { 'x-atlassian-token': 'no-check' };

async function readPosted(
  client: HostClient,
  path: string,
  status: CommitStatus,
  signal: AbortSignal,
): Promise<PostedStatus | undefined> {
  try {
    const query = { key: statusKey(status.context) };
    return fromBuildStatus((await client.request({ method: 'GET', path, query }, signal)).body);
  } catch (error) {
    // Of a status or of the commit: writing tells which.
    if (isMusterError(error, hostErrorCodes.notFound)) return undefined;
    throw error;
  }
}
