/** Paths of one repository, named `project/name`, in the REST API of Azure DevOps. */
export interface AzureRepository {
  /** `/{project}/_apis/git/repositories/{name}`. */
  readonly path: string;
  /** The page of a pull request. */
  pullRequestUrl(number: number): string;
}

/** The version of the API that every request names: Services and Server 2022 know it. */
export const azureVersion = { 'api-version': '7.1' } as const;

/** `apiUrl` is the address of the organization or collection. */
export function azureRepository(apiUrl: string, repo: string): AzureRepository {
  const [project = '', name = ''] = repo.split('/').map(encodeURIComponent);
  return {
    path: `/${project}/_apis/git/repositories/${name}`,
    pullRequestUrl: (number) => `${apiUrl}/${project}/_git/${name}/pullrequest/${number}`,
  };
}
