/** Who asks for something without a commit, and why: both land in the event history. */
export interface Act {
  readonly actor: string;
  readonly reason: string;
}
