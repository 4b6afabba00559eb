/** A pull request that takes a bad revision back; its branch with the revert commit has been pushed already. */
export interface RevertRequest {
  /** The pushed branch, `muster/revert-<sha7>`: there is never a second pull request from it. */
  readonly branch: string;
  /** The branch that it wants to go into. */
  readonly base: string;
  /** At most 250 characters are kept. */
  readonly title: string;
  /** Markdown; cut to the host's limit. */
  readonly body: string;
  /** Where the evidence can be read whole. */
  readonly wholeUrl?: string;
}

export interface OpenedRevert {
  readonly number: number;
  readonly url: string;
  /** Whether it was opened just now. Otherwise it was there, and may have been closed or merged since. */
  readonly isNew: boolean;
}

/** Opens pull requests, one per branch however often it is asked. Errors are `MusterError` of `hostErrorCodes`. */
export interface RevertPullRequests {
  openRevert(request: RevertRequest, signal: AbortSignal): Promise<OpenedRevert>;
}
