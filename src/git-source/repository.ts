import type { GitObject } from './object-format.ts';

/** The tree of two commits merged from their merge base, or the files in which both changed the same lines. */
export type MergedTree =
  | { readonly kind: 'merged'; readonly tree: string }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] };

/** One Git repository on disk: its objects and refs. */
export interface Repository {
  /** Digits of its object names: 40, or 64 in SHA-256 repositories. */
  readonly hexLength: 40 | 64;
  /** The object, checked against its name; undefined where the repository has none. Damage rejects with GIT_CORRUPT. */
  read(oid: string): Promise<GitObject | undefined>;
  /** Stores the object (at once visible to other processes as a whole) and returns its name. */
  write(object: GitObject): Promise<string>;
  /** What a full ref name (`refs/…`) points at, tags not peeled. */
  readRef(name: string): Promise<string | undefined>;
  /** Moves a ref from `expected` (undefined: it must not exist) to `next`; false where it is elsewhere by now. */
  swapRef(name: string, expected: string | undefined, next: string): Promise<boolean>;
  /** Full names of refs that start with `prefix`, at most `limit`. */
  listRefs(prefix: string, limit: number): Promise<string[]>;
  /** Merges `theirs` into `ours`, moving no ref; both histories must be here. Without one merge base it is a conflict. */
  merge(ours: string, theirs: string): Promise<MergedTree>;
  /** Packs on disk; many make every read slow. */
  countPacks(): Promise<number>;
  close(): Promise<void>;
}
