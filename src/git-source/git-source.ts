import { statSync } from 'node:fs';
import type { BlobId, CommitSha, RepoContent, TreeEntry } from '../model/index.ts';
import type { Clock, Logger } from '../runtime/index.ts';
import { maxBlobBytes } from './engine.ts';
import { createInlineClient } from './git-client.ts';
import { isLoopback } from './http-proxy.ts';
import type { Listing } from './list-entries.ts';
import type { MergeWant } from './merge-head.ts';
import type { CommitIdentity } from './object-format.ts';
import type { TransportChoice } from './open-engine.ts';
import { describeRemote, type GitCredentials, parseRemote, type RemoteAddress } from './parse-remote.ts';
import type { RevertOutcome, RevertWant } from './revert-branch.ts';
import type { VerifyOptions } from './signatures/create-verifier.ts';
import type { Call } from './transport.ts';
import type { ListedRef } from './upstream.ts';
import { createWorkerClient } from './worker-client.ts';

/** Which blobs the caller has already: a test or a set. */
export type KnownBlobs = ((id: BlobId) => boolean) | ReadonlySet<BlobId>;

/** The fleet repo as the rest of the program sees it. Every method rejects with a `MusterError` of `gitErrors`, or the signal's reason. */
export interface GitSource {
  /** Where the branch points now; one request, reads nothing. */
  resolve(signal: AbortSignal): Promise<CommitSha>;
  /** Brings the commit here and returns its tree and those text files up to 1 MiB that `known` lacks. */
  read(sha: CommitSha | 'head', known: KnownBlobs, signal: AbortSignal): Promise<RepoContent>;
  /**
   * What the branch would hold with `head` merged into `base`, from the host's test merge where it is of these two, else
   * merged here from their merge base. Where no commit holds it, `revision` is a name made of both.
   */
  readMerge(want: MergeWant, known: KnownBlobs, signal: AbortSignal): Promise<MergedContent>;
  /** The commit that a full ref name (`refs/…`, or `HEAD` of a repository on this disk) points at; undefined where there is none. */
  peek(ref: string, signal: AbortSignal): Promise<CommitSha | undefined>;
  /** Refs whose full names start with `prefix`, which ends with a slash; at most 1000. */
  listRefs(prefix: string, signal: AbortSignal): Promise<readonly ListedRef[]>;
  /** Adds or replaces the note on a commit; `ref` is a full name under `refs/notes/`. Races are redone, at most 5 times. */
  writeNote(
    ref: string,
    sha: CommitSha,
    body: Uint8Array,
    message: string,
    signal: AbortSignal,
  ): Promise<void>;
  /** The note on a commit, or undefined. */
  readNote(ref: string, sha: CommitSha, signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Makes a branch with one commit that takes `sha` back to its first parent; never moves a branch that is there. */
  pushRevert(want: RevertWant, signal: AbortSignal): Promise<RevertOutcome>;
  /** Where it reads from, without credentials. */
  describe(): string;
  /** Whether that is a repository on this disk: then writing notes pushes nothing. */
  readonly isLocal: boolean;
  /** Ends the worker; later calls start another. */
  close(): Promise<void>;
}

/** The content of a merge, or the files in which both sides changed the same lines (none where there is no merge base). */
export type MergedContent =
  | { readonly kind: 'merged'; readonly content: RepoContent }
  | { readonly kind: 'conflict'; readonly paths: readonly string[] };

export interface GitSourceOptions {
  /** An http(s) or ssh URL, or a directory. Credentials in it are taken out and sent as a header. */
  readonly repo: string;
  /** Branch or tag, or a full name (`refs/…`). */
  readonly ref: string;
  /** Folder inside the repository; `.` is its root. */
  readonly path: string;
  /** Ours alone; holds the clone of a remote repository. */
  readonly cacheDir: string;
  /** For http; a function is asked before each call (tokens that expire). */
  readonly credentials?: GitCredentials | (() => Promise<GitCredentials | undefined>);
  readonly transport?: TransportChoice;
  /** For a question, and for silence during a transfer; a whole transfer may take ten times as long. Default 60,000. */
  readonly timeoutMs?: number;
  /** False works in the calling thread, for commands that read once; default true, a worker thread. */
  readonly worker?: boolean;
  /** Author of notes commits. */
  readonly identity?: CommitIdentity;
  /** Signatures that a revision must have to be read; default off. Others reject with GIT_UNVERIFIED. */
  readonly verify?: VerifyOptions;
}

export interface GitSourceDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** For the jitter between tries; default Math.random. */
  readonly random?: () => number;
}

/** Files whose bytes are read; all others are listed only. */
const textFile = /\.(ya?ml|json|conf|txt|toml|pem|crt)$/i;
/** One message of so many keeps the event loop free for others. */
const maxBlobsAtOnce = 1_000;
const maxRemembered = 10_000;
const defaultTimeoutMs = 60_000;
const defaultIdentity: CommitIdentity = { name: 'Muster', email: 'muster@localhost' };

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function wantedBlobs(entries: readonly TreeEntry[], known: KnownBlobs, skip: ReadonlyMap<BlobId, number>) {
  const has = typeof known === 'function' ? known : (id: BlobId) => known.has(id);
  const wanted = new Set<BlobId>();
  for (const { type, path, blob } of entries) {
    if (type === 'file' && textFile.test(path) && !skip.has(blob) && !has(blob)) wanted.add(blob);
  }
  return [...wanted];
}

function withSizes(
  entries: readonly TreeEntry[],
  oversized: ReadonlyMap<BlobId, number>,
): readonly TreeEntry[] {
  if (oversized.size === 0) return entries;
  return entries.map((entry) => {
    const size = oversized.get(entry.blob);
    return size === undefined ? entry : { ...entry, size };
  });
}

function warnOfPlainText(remote: RemoteAddress, hasCredentials: boolean, logger: Logger): void {
  if (remote.kind !== 'http' || !remote.url.startsWith('http:') || isLoopback(new URL(remote.url).hostname))
    return;
  if (hasCredentials || remote.credentials !== undefined) {
    logger.warn({ repo: remote.url }, 'Git credentials cross the network in plain text; use https');
  }
}

/** A source over one repository and ref. Nothing is contacted before the first call. Throws GIT_URL_REFUSED for a bad `repo`. */
export function createGitSource(options: GitSourceOptions, deps: GitSourceDeps): GitSource {
  const { transport = 'auto', timeoutMs = defaultTimeoutMs, identity = defaultIdentity } = options;
  const { ref, path, cacheDir, credentials, verify = { mode: 'off' } } = options;
  const remote = parseRemote(options.repo, isDirectory);
  const spec = { remote, ref, path, cacheDir, transport, timeoutMs, identity, verify };
  warnOfPlainText(remote, credentials !== undefined, deps.logger);
  const client =
    options.worker === false
      ? createInlineClient(spec, { random: Math.random, ...deps })
      : createWorkerClient(spec, deps);
  const oversized = new Map<BlobId, number>();

  async function callWith(signal: AbortSignal): Promise<Call> {
    return { signal, credentials: typeof credentials === 'function' ? await credentials() : credentials };
  }

  function remember(sizes: ReadonlyMap<BlobId, number>): void {
    if (oversized.size + sizes.size > maxRemembered) oversized.clear();
    for (const [id, size] of sizes) oversized.set(id, size);
  }

  async function readBlobs(ids: readonly BlobId[], call: Call): Promise<ReadonlyMap<BlobId, Uint8Array>> {
    const blobs = new Map<BlobId, Uint8Array>();
    for (let from = 0; from < ids.length; from += maxBlobsAtOnce) {
      const batch = await client.ask('readBlobs', { ids: ids.slice(from, from + maxBlobsAtOnce) }, call);
      remember(batch.oversized);
      for (const [id, body] of batch.blobs) blobs.set(id, body);
    }
    return blobs;
  }

  async function read(sha: CommitSha | 'head', known: KnownBlobs, signal: AbortSignal): Promise<RepoContent> {
    const call = await callWith(signal);
    const revision = sha === 'head' ? await client.ask('resolve', {}, call) : sha;
    return withBlobs(await client.ask('list', { sha: revision }, call), known, call);
  }

  async function withBlobs(listing: Listing, known: KnownBlobs, call: Call): Promise<RepoContent> {
    const blobs = await readBlobs(wantedBlobs(listing.entries, known, oversized), call);
    return { ...listing, entries: withSizes(listing.entries, oversized), blobs };
  }

  return {
    resolve: async (signal) => client.ask('resolve', {}, await callWith(signal)),
    read,
    async readMerge(want, known, signal) {
      const call = await callWith(signal);
      const merged = await client.ask('merge', want, call);
      if (merged.kind === 'conflict') return merged;
      return { kind: 'merged', content: await withBlobs(merged.listing, known, call) };
    },
    listRefs: async (prefix, signal) => client.ask('listRefs', { prefix }, await callWith(signal)),
    peek: async (name, signal) => client.ask('peek', { ref: name }, await callWith(signal)),
    writeNote: async (notesRef, sha, body, message, signal) => {
      await client.ask('writeNote', { ref: notesRef, sha, body, message }, await callWith(signal));
    },
    readNote: async (notesRef, sha, signal) =>
      client.ask('readNote', { ref: notesRef, sha }, await callWith(signal)),
    pushRevert: async (want, signal) => client.ask('pushRevert', want, await callWith(signal)),
    describe: () => describeRemote(remote),
    isLocal: remote.kind === 'local',
    close: () => client.close(),
  };
}

export { maxBlobBytes };
