import { type BlobId, type CommitSha, isMusterError } from '../model/index.ts';
import { type Clock, computeBackoff, type Logger } from '../runtime/index.ts';
import { gitError } from './git-errors.ts';
import { type Listing, listEntries, readBody, readCommit, type TreeMemo } from './list-entries.ts';
import { type MergeWant, mergeHead } from './merge-head.ts';
import { findNote, putNote } from './notes.ts';
import { type CommitIdentity, encodeCommit } from './object-format.ts';
import { createQueue } from './queue.ts';
import { isRefName } from './ref-names.ts';
import type { Repository } from './repository.ts';
import { pushRevert, type RevertOutcome, type RevertWant } from './revert-branch.ts';
import { createVerifier, type VerifyOptions } from './signatures/create-verifier.ts';
import type { Call } from './transport.ts';
import type { ListedRef, Upstream } from './upstream.ts';

/** Blobs that were read, and the sizes of those that are too large to be handed over. */
export interface BlobBatch {
  readonly blobs: ReadonlyMap<BlobId, Uint8Array>;
  readonly oversized: ReadonlyMap<BlobId, number>;
}

export interface Note {
  /** Full name: `refs/notes/…`. */
  readonly ref: string;
  readonly sha: CommitSha;
  readonly body: Uint8Array;
  /** Message of the notes commit. */
  readonly message: string;
}

/** What the branch would hold after a merge, without the bytes; or the files that do not merge. */
export type MergeListing =
  | { readonly kind: 'merged'; readonly listing: Listing }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] };

/** What a Git source does, without threads: one implementation for every kind of remote. */
export interface GitEngine {
  resolve(call: Call): Promise<CommitSha>;
  list(sha: CommitSha, call: Call): Promise<Listing>;
  merge(want: MergeWant, call: Call): Promise<MergeListing>;
  peek(ref: string, call: Call): Promise<CommitSha | undefined>;
  listRefs(prefix: string, call: Call): Promise<readonly ListedRef[]>;
  readBlobs(ids: readonly BlobId[], call: Call): Promise<BlobBatch>;
  writeNote(note: Note, call: Call): Promise<void>;
  readNote(ref: string, sha: CommitSha, call: Call): Promise<Uint8Array | undefined>;
  pushRevert(want: RevertWant, call: Call): Promise<RevertOutcome>;
  close(): Promise<void>;
}

export interface EngineOptions {
  /** As configured, for `Listing.ref`. */
  readonly ref: string;
  readonly path: string;
  readonly identity: CommitIdentity;
  readonly verify?: VerifyOptions;
}

export interface EngineDeps {
  readonly upstream: Upstream;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random: () => number;
}

/** Bytes above which a file is listed with its size only. */
export const maxBlobBytes = 1024 * 1024;
const maxBatchBytes = 512 * 1024 * 1024;
const maxWaiting = 64;
const noteAttempts = 5;
const noteBackoff = { initialMs: 50, maxMs: 2_000, jitter: 1 };

async function readBatch(
  repository: Repository,
  ids: readonly BlobId[],
  signal: AbortSignal,
): Promise<BlobBatch> {
  const blobs = new Map<BlobId, Uint8Array>();
  const oversized = new Map<BlobId, number>();
  let total = 0;
  for (const id of ids) {
    signal.throwIfAborted();
    const body = await readBody(repository, id, 'blob');
    if (body.length > maxBlobBytes) {
      oversized.set(id, body.length);
      continue;
    }
    total += body.length;
    if (total > maxBatchBytes)
      throw gitError('GIT_TOO_LARGE', `the files add up to over ${maxBatchBytes} bytes`);
    // A view into a pack would take the whole pack along to another thread.
    blobs.set(id, new Uint8Array(body));
  }
  return { blobs, oversized };
}

function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      cancel();
      reject(signal.reason);
    };
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
    signal.addEventListener('abort', abort, { once: true });
  });
}

function checkNotesRef(ref: string): void {
  if (ref.startsWith('refs/notes/') && isRefName(ref)) return;
  throw gitError('GIT_REF_MISSING', `"${ref}" is not a ref under refs/notes/`);
}

async function addNote(deps: EngineDeps, by: CommitIdentity, note: Note, call: Call): Promise<boolean> {
  const { repository, tip } = await deps.upstream.obtainNotes(note.ref, call);
  const root = tip === undefined ? undefined : (await readCommit(repository, tip)).tree;
  const tree = await putNote(repository, root, note.sha, note.body);
  if (tree === root) return true;
  const parents = tip === undefined ? [] : [tip];
  const body = encodeCommit({ tree, parents, message: note.message }, by, deps.clock.now());
  const next = await repository.write({ type: 'commit', body });
  return (await deps.upstream.publishNotes(note.ref, { expected: tip, next }, call)) === 'taken';
}

async function writeNote(deps: EngineDeps, by: CommitIdentity, note: Note, call: Call): Promise<void> {
  checkNotesRef(note.ref);
  for (let attempt = 0; attempt < noteAttempts; attempt++) {
    if (await addNote(deps, by, note, call)) return;
    deps.logger.debug({ ref: note.ref, attempt }, 'another writer moved the notes first');
    await pause(deps.clock, computeBackoff(attempt, noteBackoff, deps.random), call.signal);
  }
  throw gitError('GIT_NOTE_RACE', `${note.ref} was moved by another writer ${noteAttempts} times in a row`);
}

/** An engine over one upstream. Work on the clone is done one at a time; a damaged clone is replaced and the call redone once. */
export function createGitEngine(deps: EngineDeps, options: EngineOptions): GitEngine {
  const { upstream, logger } = deps;
  const queue = createQueue(maxWaiting);
  const verifier = createVerifier(options.verify ?? { mode: 'off' });
  let memo: TreeMemo = new Map();

  function exclusive<T>(call: Call, work: () => Promise<T>): Promise<T> {
    return queue.run(call.signal, async () => {
      try {
        return await work();
      } catch (error) {
        if (!isMusterError(error, 'GIT_CORRUPT') || !(await upstream.discard())) throw error;
        memo = new Map();
        logger.warn({ code: error.code, reason: error.message }, 'trying again with a fresh clone');
        return work();
      }
    });
  }

  return {
    resolve: (call) => upstream.resolve(call),
    list: (sha, call) =>
      exclusive(call, async () => {
        const repository = await upstream.obtain(sha, call);
        await verifier.check(repository, sha);
        const at = { revision: sha, ref: options.ref, path: options.path };
        const listed = await listEntries(repository, at, memo);
        memo = listed.memo;
        return listed.listing;
      }),
    peek: (ref, call) => upstream.peek(ref, call),
    listRefs: (prefix, call) => upstream.list(prefix, call),
    merge: (want, call) =>
      exclusive(call, async () => {
        const merged = await mergeHead(upstream, want, call);
        if (merged.kind === 'conflict') return merged;
        // The memo stays that of the branch: it is read more often than any head.
        const at = { ...merged.at, ref: options.ref, path: options.path };
        const { listing } = await listEntries(merged.repository, at, memo);
        return { kind: 'merged', listing };
      }),
    readBlobs: (ids, call) =>
      exclusive(call, async () => readBatch(await upstream.repository(call), ids, call.signal)),
    writeNote: (note, call) => exclusive(call, () => writeNote(deps, options.identity, note, call)),
    readNote: (ref, sha, call) =>
      exclusive(call, async () => {
        checkNotesRef(ref);
        const { repository, tip } = await upstream.obtainNotes(ref, call);
        return tip === undefined ? undefined : findNote(repository, tip, sha);
      }),
    pushRevert: (want, call) =>
      exclusive(call, () =>
        pushRevert(upstream, { identity: options.identity, at: deps.clock.now() }, want, call),
      ),
    close: () => upstream.close(),
  };
}
