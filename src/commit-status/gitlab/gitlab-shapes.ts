/** The path of a project, by its numeric id or full path, in GitLab's API. */
export function projectPath(repo: string): string {
  return `/projects/${encodeURIComponent(repo)}`;
}
