/** The path of a repository named `workspace/name` in Bitbucket Cloud's API. */
export function bitbucketRepoPath(repo: string): string {
  return `/repositories/${repo.split('/').map(encodeURIComponent).join('/')}`;
}
