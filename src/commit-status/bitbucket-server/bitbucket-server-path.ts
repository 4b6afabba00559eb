/** The path of a repository named `PROJECT/name` in the REST API of Bitbucket Data Center; `~user` is a project too. */
export function bitbucketServerPath(repo: string): string {
  const [project = '', name = ''] = repo.split('/');
  return `/projects/${encodeURIComponent(project)}/repos/${encodeURIComponent(name)}`;
}
