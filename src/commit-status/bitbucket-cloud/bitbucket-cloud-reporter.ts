import { type CommitStatus, isMusterError } from '../../model/index.ts';
import { fromBuildStatus, isSameBuild, toBuildStatus } from '../bitbucket-shapes.ts';
import type { HostClient } from '../host-client.ts';
import { hostErrorCodes } from '../host-error.ts';
import { createReadBackReporter, type PostedStatus, type StandingOnCommit } from '../read-back-reporter.ts';
import { statusKey } from '../status-key.ts';
import type { ReporterLimits, StatusReporter } from '../status-reporter.ts';
import { bitbucketRepoPath } from './bitbucket-repo-path.ts';

/** A thousand requests an hour, of which every write may need two and the polling of pull requests has its share. */
const bitbucketCloudLimits: ReporterLimits = {
  minIntervalMs: 500,
  writesPerHour: 300,
  recordsPerContext: Number.POSITIVE_INFINITY,
  stalledRetryMs: 15 * 60_000,
};

/** Posts build statuses to Bitbucket Cloud, one per key that later ones overwrite; `repo` is `workspace/name`. */
export function createBitbucketCloudReporter(client: HostClient, repo: string): StatusReporter {
  const commits = `${bitbucketRepoPath(repo)}/commit`;
  const toBody = (status: CommitStatus) =>
    toBuildStatus(status, `https://bitbucket.org/${repo}/commits/${status.sha}`);
  return createReadBackReporter({
    name: 'bitbucket',
    limits: bitbucketCloudLimits,
    async read(status, signal): Promise<StandingOnCommit> {
      const path = `${commits}/${status.sha}/statuses/build/${statusKey(status.context)}`;
      const posted = await readPosted(client, path, signal);
      return { complete: false, byContext: new Map(posted ? [[status.context.toLowerCase(), posted]] : []) };
    },
    isSame: (posted, status) => isSameBuild(posted, fromBuildStatus(toBody(status))),
    async write(status, _posted, signal) {
      const path = `${commits}/${status.sha}/statuses/build`;
      const refname =
        status.pullRequest && !status.pullRequest.fork ? { refname: status.pullRequest.branch } : {};
      await client.request({ method: 'POST', path, body: { ...toBody(status), ...refname } }, signal);
      return fromBuildStatus(toBody(status));
    },
  });
}

async function readPosted(
  client: HostClient,
  path: string,
  signal: AbortSignal,
): Promise<PostedStatus | undefined> {
  try {
    return fromBuildStatus((await client.request({ method: 'GET', path }, signal)).body);
  } catch (error) {
    // Of a status or of the commit: writing tells which.
    if (isMusterError(error, hostErrorCodes.notFound)) return undefined;
    throw error;
  }
}
