import type { GitCredentials } from './parse-remote.ts';
import type { Repository } from './repository.ts';

/** What one call brings along. */
export interface Call {
  readonly signal: AbortSignal;
  readonly credentials?: GitCredentials | undefined;
}

/** A ref as the remote lists it; `commit` is `oid` with annotated tags peeled. */
export interface RemoteRef {
  readonly name: string;
  readonly oid: string;
  readonly commit: string;
}

/** What to fetch. */
export interface FetchWant {
  /** The clone. */
  readonly dir: string;
  readonly oid: string;
  /** A local ref whose history the remote need not send. */
  readonly have: string;
  /** Whether only the commit itself is wanted, without its history. */
  readonly shallow: boolean;
  /** Whether the history is wanted to its root, though the clone was begun without it. */
  readonly whole?: boolean;
}

/** How far a push got: taken, or beaten by another writer (then fetch and redo). Refusals reject with GIT_PUSH_REFUSED. */
export type PushOutcome = 'taken' | 'raced';

/** One way of talking to a remote repository. Every method is bounded in time and rejects with the codes of `gitErrors`. */
export interface Transport {
  /** The remote's refs whose full names start with one of `prefixes`, in one request where the host allows it. */
  listRefs(prefixes: readonly string[], call: Call): Promise<readonly RemoteRef[]>;
  /** Makes an empty bare repository. */
  init(dir: string): Promise<void>;
  open(dir: string): Repository;
  /** Brings a commit that the remote advertises into a clone. */
  fetch(want: FetchWant, call: Call): Promise<void>;
  /** Pushes commit `next` of `dir` to `ref`, fast-forward only. */
  push(
    what: { readonly dir: string; readonly ref: string; readonly next: string },
    call: Call,
  ): Promise<PushOutcome>;
  close(): void;
}
