/** A pull request as a stand-in keeps it. */
export interface ForgePull {
  readonly number: number;
  readonly title: string;
  readonly head: string;
  readonly headBranch: string;
  readonly base: string;
  readonly author: string;
  readonly fork: boolean;
  readonly draft: boolean;
  readonly body: string;
  open: boolean;
}

/** A comment as a stand-in keeps it. */
export interface ForgeComment {
  readonly id: number;
  /** Whether the token's own account wrote it. */
  readonly own: boolean;
  body: string;
  version: number;
}

/** Pull requests and their comments, whatever the host. */
export interface Forge {
  open(parts: Partial<ForgePull> & { readonly number: number }): ForgePull;
  /** Opens one with the next number; undefined where the branch has an open one. */
  create(parts: Partial<ForgePull>): ForgePull | undefined;
  close(number: number): void;
  pull(number: number): ForgePull | undefined;
  /** Newest first. */
  pulls(isWanted?: (pull: ForgePull) => boolean): readonly ForgePull[];
  /** Oldest first. */
  comments(number: number): readonly ForgeComment[];
  addComment(number: number, body: string, own: boolean): ForgeComment;
  findComment(id: number): ForgeComment | undefined;
  removeComment(id: number): void;
  /** Whether the host answers who the token belongs to. */
  knowsOwnAccount: boolean;
}

/** An empty forge. */
export function createForge(): Forge {
  const pulls = new Map<number, ForgePull>();
  const comments = new Map<number, ForgeComment[]>();
  let lastId = 100;
  const open: Forge['open'] = (parts) => {
    const pull: ForgePull = {
      title: `Change ${parts.number}`,
      head: String(parts.number % 10).repeat(40),
      headBranch: `change-${parts.number}`,
      base: 'main',
      author: 'ada',
      fork: false,
      draft: false,
      body: '',
      open: true,
      ...parts,
    };
    pulls.set(pull.number, pull);
    return pull;
  };
  return {
    open,
    create(parts) {
      const other = [...pulls.values()].find((pull) => pull.open && pull.headBranch === parts.headBranch);
      return other ? undefined : open({ ...parts, number: Math.max(0, ...pulls.keys()) + 1 });
    },
    close(number) {
      const pull = pulls.get(number);
      if (pull) pull.open = false;
    },
    pull: (number) => pulls.get(number),
    pulls: (isWanted = () => true) =>
      [...pulls.values()].filter(isWanted).sort((a, b) => b.number - a.number),
    comments: (number) => comments.get(number) ?? [],
    addComment(number, body, own) {
      lastId += 1;
      const comment = { id: lastId, own, body, version: 0 };
      comments.set(number, [...(comments.get(number) ?? []), comment]);
      return comment;
    },
    findComment: (id) => [...comments.values()].flat().find((comment) => comment.id === id),
    removeComment(id) {
      for (const [number, list] of comments)
        comments.set(
          number,
          list.filter((comment) => comment.id !== id),
        );
    },
    knowsOwnAccount: true,
  };
}
