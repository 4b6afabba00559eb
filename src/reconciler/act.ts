/** Who asks for something without a commit, and why: both land in the event history. */
export interface Act {
  readonly actor: string;
  readonly reason: string;
  /** The commit that whoever asks had before them, or how its hash begins: an act on a rollout of another is refused. */
  readonly revision?: string;
}
