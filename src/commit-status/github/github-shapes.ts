import type { CommitStatus } from '../../model/index.ts';
import { elementsOf, membersOf, textOf } from '../json-shape.ts';
import type { PostedStatus } from '../read-back-reporter.ts';

/** The path of a repository named `owner/name` in the API of GitHub, Gitea and Forgejo. */
export function repoPath(repo: string): string {
  return `/repos/${repo.split('/').map(encodeURIComponent).join('/')}`;
}

/** Whether a status that stands says the same as one that is wanted, on hosts that keep every member. */
export function isSamePosted(posted: PostedStatus, status: CommitStatus): boolean {
  const { state, description, targetUrl } = toPosted(status);
  return posted.state === state && posted.description === description && posted.targetUrl === targetUrl;
}

/** The body of a status as GitHub, Gitea and Forgejo take it. */
export function toBody(status: CommitStatus): object {
  const { state, context, description, targetUrl } = status;
  return { state, context, description, ...(targetUrl === undefined ? {} : { target_url: targetUrl }) };
}

/** How GitHub, Gitea and Forgejo show a status that was written. */
export function toPosted(status: CommitStatus): PostedStatus {
  return { state: status.state, description: status.description, targetUrl: status.targetUrl ?? '' };
}

/** Adds the latest status per context from one page of a combined status; returns how many were new. */
export function addLatest(byContext: Map<string, PostedStatus>, page: unknown): number {
  const before = byContext.size;
  for (const element of elementsOf(membersOf(page).statuses)) {
    const item = membersOf(element);
    const context = textOf(item.context).toLowerCase();
    if (context === '' || byContext.has(context)) continue;
    byContext.set(context, {
      // Gitea and Forgejo call the member `status`.
      state: textOf(item.state) || textOf(item.status),
      description: textOf(item.description),
      targetUrl: textOf(item.target_url),
    });
  }
  return byContext.size - before;
}
