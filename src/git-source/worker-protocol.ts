import {
  type BlobId,
  type CommitSha,
  type Disposition,
  type EntryReceiver,
  type EntrySender,
  isMusterError,
  MusterError,
  type PackedEntries,
} from '../model/index.ts';
import type { BlobBatch, GitEngine, MergeListing, Note } from './engine.ts';
import { gitError } from './git-errors.ts';
import type { Listing } from './list-entries.ts';
import type { MergeWant } from './merge-head.ts';
import type { GitCredentials } from './parse-remote.ts';
import type { RevertOutcome, RevertWant } from './revert-branch.ts';
import type { ListedRef } from './upstream.ts';

/** What the worker can be asked, with what it answers. */
export interface Operations {
  readonly resolve: { readonly ask: Record<string, never>; readonly answer: CommitSha };
  readonly list: { readonly ask: { readonly sha: CommitSha }; readonly answer: Listing };
  readonly merge: { readonly ask: MergeWant; readonly answer: MergeListing };
  readonly listRefs: { readonly ask: { readonly prefix: string }; readonly answer: readonly ListedRef[] };
  readonly peek: { readonly ask: { readonly ref: string }; readonly answer: CommitSha | undefined };
  readonly readBlobs: { readonly ask: { readonly ids: readonly BlobId[] }; readonly answer: BlobBatch };
  readonly writeNote: { readonly ask: Note; readonly answer: undefined };
  readonly readNote: {
    readonly ask: { readonly ref: string; readonly sha: CommitSha };
    readonly answer: Uint8Array | undefined;
  };
  readonly pushRevert: { readonly ask: RevertWant; readonly answer: RevertOutcome };
  readonly close: { readonly ask: Record<string, never>; readonly answer: undefined };
}

/** The name of an operation. */
export type Operation = keyof Operations;

/** One question to the worker; `id` is unique in its life. */
export type Request = {
  [K in Operation]: {
    readonly id: number;
    readonly operation: K;
    readonly ask: Operations[K]['ask'];
    readonly credentials?: GitCredentials | undefined;
  };
}[Operation];

/** What goes to the worker. */
export type ToWorker = Request | { readonly id: number; readonly operation: 'cancel' };

/** An error on its way between threads, which keep only plain data. */
export interface PlainError {
  readonly code: string;
  readonly message: string;
  readonly disposition: Disposition;
  readonly hint: string | undefined;
  readonly retryAfterMs: number | undefined;
}

/** An answer; the entries of a listing in it cross apart, and are put back at the other end. */
export interface Answer {
  readonly kind: 'answer';
  readonly id: number;
  readonly answer: unknown;
  readonly entries?: PackedEntries;
}

/** What comes back: answers, and log lines for the one logger of the process. */
export type FromWorker =
  | Answer
  | { readonly kind: 'error'; readonly id: number; readonly error: PlainError }
  | {
      readonly kind: 'log';
      readonly level: 'debug' | 'info' | 'warn' | 'error';
      readonly fields: object;
      readonly message: string;
    };

/** Takes the entries of a listing out of an answer. */
export function packAnswer(id: number, result: unknown, sender: EntrySender): Answer {
  const listing = listingOf(result);
  if (!listing) return { kind: 'answer', id, answer: result };
  const bare = { ...listing, entries: [] };
  const answer = listing === result ? bare : { ...(result as object), listing: bare };
  return { kind: 'answer', id, answer, entries: sender.pack(listing.entries) };
}

/** The inverse of `packAnswer`, to be called for every answer in order. */
export function unpackAnswer({ answer, entries: packed }: Answer, receiver: EntryReceiver): unknown {
  const listing = packed && listingOf(answer);
  if (!listing) return answer;
  const whole = { ...listing, entries: receiver.unpack(packed) };
  return listing === answer ? whole : { ...(answer as object), listing: whole };
}

/** The listing that an answer is or holds. */
function listingOf(answer: unknown): Listing | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  if (Object.hasOwn(answer, 'entries')) return answer as Listing;
  return Object.hasOwn(answer, 'listing') ? (answer as { readonly listing: Listing }).listing : undefined;
}

/** An error as plain data; one that is not ours becomes GIT_FAILED. */
export function toPlainError(error: unknown): PlainError {
  const ours = isMusterError(error) ? error : gitError('GIT_FAILED', String(error).slice(0, 500));
  const { code, message, disposition, hint, retryAfterMs } = ours;
  return { code, message, disposition, hint, retryAfterMs };
}

/** The inverse of `toPlainError`. */
export function fromPlainError(plain: PlainError): MusterError {
  const { code, message, disposition, hint, retryAfterMs } = plain;
  return new MusterError(code, message, {
    disposition,
    ...(hint === undefined ? {} : { hint }),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/** Runs one request on an engine. */
export function runRequest(engine: GitEngine, request: Request, signal: AbortSignal): Promise<unknown> {
  const call = { signal, credentials: request.credentials };
  switch (request.operation) {
    case 'resolve':
      return engine.resolve(call);
    case 'list':
      return engine.list(request.ask.sha, call);
    case 'merge':
      return engine.merge(request.ask, call);
    case 'listRefs':
      return engine.listRefs(request.ask.prefix, call);
    case 'peek':
      return engine.peek(request.ask.ref, call);
    case 'readBlobs':
      return engine.readBlobs(request.ask.ids, call);
    case 'writeNote':
      return engine.writeNote(request.ask, call);
    case 'readNote':
      return engine.readNote(request.ask.ref, request.ask.sha, call);
    case 'pushRevert':
      return engine.pushRevert(request.ask, call);
    case 'close':
      return engine.close();
  }
}
