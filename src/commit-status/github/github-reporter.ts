import type { HostClient } from '../host-client.ts';
import { createReadBackReporter, type PostedStatus } from '../read-back-reporter.ts';
import type { ReporterLimits, StatusReporter } from '../status-reporter.ts';
import { addLatest, isSamePosted, repoPath, toBody, toPosted } from './github-shapes.ts';

/** GitHub's documented limits: 80 content creations a minute, 500 an hour with the comments', 1000 statuses per commit and context. */
const githubLimits: ReporterLimits = {
  minIntervalMs: 1_000,
  writesPerHour: 400,
  recordsPerContext: 1_000,
  stalledRetryMs: 15 * 60_000,
};

/** Headers that every request to GitHub's API carries. */
export const githubHeaders: Readonly<Record<string, string>> = {
  accept: 'application/vnd.github+json',
  'x-github-api-version': '2022-11-28',
};

/** Posts commit statuses to GitHub.com, `*.ghe.com` or an Enterprise Server; `repo` is `owner/name`. */
export function createGithubReporter(client: HostClient, repo: string): StatusReporter {
  const base = repoPath(repo);
  return createReadBackReporter({
    name: 'github',
    limits: githubLimits,
    async read(status, signal) {
      const byContext = new Map<string, PostedStatus>();
      const request = {
        method: 'GET',
        path: `${base}/commits/${status.sha}/status`,
        query: { per_page: 100 },
      } as const;
      for await (const page of client.pages(request, signal)) addLatest(byContext, page);
      return { complete: true, byContext };
    },
    isSame: isSamePosted,
    async write(status, _posted, signal) {
      await client.request(
        { method: 'POST', path: `${base}/statuses/${status.sha}`, body: toBody(status) },
        signal,
      );
      return toPosted(status);
    },
  });
}
