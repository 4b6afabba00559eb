import { isMusterError } from '../../model/index.ts';
import { addLatest, isSamePosted, repoPath, toBody, toPosted } from '../github/github-shapes.ts';
import type { HostClient } from '../host-client.ts';
import { hostErrorCodes } from '../host-error.ts';
import { createReadBackReporter, type PostedStatus } from '../read-back-reporter.ts';
import type { ReporterLimits, StatusReporter } from '../status-reporter.ts';

/** No documented limits; records are appended for ever, so they are kept as few as on GitHub. */
const giteaLimits: ReporterLimits = {
  minIntervalMs: 200,
  writesPerHour: 3_000,
  recordsPerContext: 1_000,
  stalledRetryMs: 15 * 60_000,
};

const maxPages = 20;

/** Posts commit statuses to Gitea and Forgejo; `repo` is `owner/name`. */
export function createGiteaReporter(client: HostClient, repo: string): StatusReporter {
  const base = repoPath(repo);
  return createReadBackReporter({
    name: 'gitea',
    limits: giteaLimits,
    async read(status, signal) {
      const byContext = new Map<string, PostedStatus>();
      // Neither a Link header nor the page size can be relied on: read until a page brings nothing new.
      for (let page = 1; page <= maxPages; page += 1) {
        const request = {
          method: 'GET',
          path: `${base}/commits/${status.sha}/status`,
          query: { page, limit: 50 },
        } as const;
        if (addLatest(byContext, (await client.request(request, signal)).body) === 0) break;
      }
      return { complete: true, byContext };
    },
    isSame: isSamePosted,
    async write(status, _posted, signal) {
      try {
        await client.request(
          { method: 'POST', path: `${base}/statuses/${status.sha}`, body: toBody(status) },
          signal,
        );
      } catch (error) {
        // Forgejo of 2024 answers 500 for a commit that it does not have: asking for the commit tells the two apart.
        if (isMusterError(error, hostErrorCodes.hostFault))
          await client.request({ method: 'GET', path: `${base}/git/commits/${status.sha}` }, signal);
        throw error;
      }
      return toPosted(status);
    },
  });
}
