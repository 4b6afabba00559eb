import { type CommitSha, isMusterError } from '../../model/index.ts';
import type { HostClient } from '../host-client.ts';
import { hostErrorCodes } from '../host-error.ts';
import { elementsOf, membersOf, textOf } from '../json-shape.ts';
import { createOpenList, readNumber, readSha, readUrl } from '../list-open.ts';
import { nextByMember } from '../next-page.ts';
import { branchRef, type OpenPullRequest, type OpenPullRequests } from '../open-pull-requests.ts';
import { bitbucketRepoPath } from './bitbucket-repo-path.ts';

/** A pull request whose head has a shortened name, in the repository of its source. */
interface ShortPullRequest extends Omit<OpenPullRequest, 'head'> {
  readonly shortHead: string;
  readonly sourceRepo: string;
}

/**
 * Open pull requests at Bitbucket Cloud, newest first. Its list has shortened names of commits, which are looked up
 * once each; a head that the token cannot see, as in a private fork, is left out.
 */
export function createBitbucketCloudPullRequests(client: HostClient, repo: string): OpenPullRequests {
  const expand = createShaLookup(client);
  return createOpenList<ShortPullRequest>({
    client,
    path: `${bitbucketRepoPath(repo)}/pullrequests`,
    query: { state: 'OPEN', sort: '-created_on', pagelen: 50 },
    next: nextByMember,
    rows: (page) => elementsOf(membersOf(page).values),
    read: toShort,
    async complete({ shortHead, sourceRepo, ...pull }, signal) {
      const head = await expand(sourceRepo, shortHead, signal);
      return head === undefined ? undefined : { ...pull, head };
    },
  });
}

function toShort(row: Readonly<Record<string, unknown>>): ShortPullRequest {
  const [source, destination] = [membersOf(row.source), membersOf(row.destination)];
  const sourceRepo = textOf(membersOf(source.repository).full_name);
  const fork = sourceRepo !== textOf(membersOf(destination.repository).full_name);
  const headBranch = textOf(membersOf(source.branch).name);
  return {
    number: readNumber(row.id),
    title: textOf(row.title),
    shortHead: textOf(membersOf(source.commit).hash),
    sourceRepo,
    headBranch,
    headRef: fork ? undefined : branchRef(headBranch),
    baseRef: branchRef(textOf(membersOf(destination.branch).name)),
    mergeRef: undefined,
    author: textOf(membersOf(row.author).nickname) || textOf(membersOf(row.author).display_name),
    fork,
    draft: row.draft === true,
    url: readUrl(membersOf(membersOf(row.links).html).href),
  };
}

const maxKnown = 2_000;

/** Looks up full names of commits, remembering those of the newest heads. */
function createShaLookup(client: HostClient) {
  const known = new Map<string, CommitSha>();
  return async (repo: string, short: string, signal: AbortSignal): Promise<CommitSha | undefined> => {
    // The repository of a source is null once its fork was deleted.
    if (repo === '' || !/^[0-9a-f]{7,64}$/.test(short)) return undefined;
    if (short.length >= 40) return readSha(short);
    const full = known.get(short) ?? (await lookUp(client, repo, short, signal));
    if (full === undefined) return undefined;
    known.set(short, full);
    const [oldest] = known.keys();
    if (known.size > maxKnown && oldest !== undefined) known.delete(oldest);
    return full;
  };
}

async function lookUp(
  client: HostClient,
  repo: string,
  short: string,
  signal: AbortSignal,
): Promise<CommitSha | undefined> {
  try {
    const path = `${bitbucketRepoPath(repo)}/commit/${short}`;
    return readSha(membersOf((await client.request({ method: 'GET', path }, signal)).body).hash);
  } catch (error) {
    if (isMusterError(error, hostErrorCodes.notFound) || isMusterError(error, hostErrorCodes.forbidden))
      return undefined;
    throw error;
  }
}
