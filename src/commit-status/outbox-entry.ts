import { createHash } from 'node:crypto';
import { commitSha, type PullRequestHead, type StandingStatus, type StatusState } from '../model/index.ts';
import { isVerdict } from './is-verdict.ts';
import { membersOf, textOf } from './json-shape.ts';
import type { RevisionNote } from './note-reporter.ts';
import type { PullRequestComment } from './pull-request-comments.ts';
import type { OwedRevert } from './revert-reporter.ts';

/** A comment with what tells it from another text for the same place. */
export interface OwedComment extends PullRequestComment {
  /** SHA-256 hex over the text. */
  readonly digest: string;
}

/** Something that a destination is to be told. */
export type OutboxItem =
  | { readonly kind: 'status'; readonly status: StandingStatus }
  | { readonly kind: 'note'; readonly note: RevisionNote }
  | { readonly kind: 'comment'; readonly comment: OwedComment }
  | { readonly kind: 'revert'; readonly revert: OwedRevert };

/** What one destination has been told of an entry. */
export interface Delivery {
  /** Fingerprint of the last item that it has; empty before the first. */
  readonly fingerprint: string;
  readonly state?: StatusState;
  /** Writes so far. */
  readonly posts: number;
  /** Milliseconds since the epoch of the last one. */
  readonly at: number;
}

/** What is wanted for one commit and context, and how far each destination is. */
export interface OutboxEntry {
  readonly key: string;
  readonly item: OutboxItem;
  /** Order in which the present item was asked for. */
  readonly sequence: number;
  /** Milliseconds since the epoch at which it was. */
  readonly since: number;
  /** By destination: exactly those that the entry was meant for. */
  readonly deliveries: Readonly<Record<string, Delivery>>;
}

/** What a destination that was never told anything has. */
export const notDelivered: Delivery = { fingerprint: '', posts: 0, at: 0 };

/** A comment as the outbox keeps it. */
export function toOwedComment(comment: PullRequestComment): OwedComment {
  const { markdown, wholeUrl = '' } = comment;
  const digest = createHash('sha256')
    .update(JSON.stringify([markdown, wholeUrl]))
    .digest('hex');
  return { ...comment, digest };
}

/** The key of an item: one entry per commit and context, one per commit for the note, one per marked comment, one per commit for its revert. */
export function keyOf(item: OutboxItem): string {
  switch (item.kind) {
    case 'status':
      return `${item.status.sha} ${item.status.context}`;
    case 'note':
      return `${item.note.sha} note`;
    case 'comment':
      return `${subjectOf(item)} comment ${item.comment.marker}`;
    case 'revert':
      return `${item.revert.sha} revert`;
  }
}

/** What an item is about: a commit by its name, or a pull request. */
export function subjectOf(item: OutboxItem): string {
  switch (item.kind) {
    case 'status':
      return item.status.sha;
    case 'note':
      return item.note.sha;
    case 'comment':
      return `#${item.comment.pullRequest}`;
    case 'revert':
      return item.revert.sha;
  }
}

/** Equal for items that say the same. */
export function fingerprintOf(item: OutboxItem): string {
  if (item.kind === 'note') return item.note.digest;
  if (item.kind === 'comment') return item.comment.digest;
  // A revision is proposed to be taken back once, whatever fails of it later.
  if (item.kind === 'revert') return item.revert.branch;
  const { state, description, targetUrl = '' } = item.status;
  return JSON.stringify([state, description, targetUrl]);
}

/** Whether losing the item would lose a verdict. */
export function carriesVerdict(item: OutboxItem): boolean {
  return item.kind === 'status' && isVerdict(item.status.state);
}

/** Whether the destination `name` still has to be told. */
export function isOwed(entry: OutboxEntry, name: string): boolean {
  const delivery = entry.deliveries[name];
  return delivery !== undefined && delivery.fingerprint !== fingerprintOf(entry.item);
}

/** Whether any destination still has to be told. */
export function hasDebt(entry: OutboxEntry): boolean {
  return Object.keys(entry.deliveries).some((name) => isOwed(entry, name));
}

/** The entry once `item` is wanted: one that waits already keeps its place in line. */
export function wantItem(
  known: OutboxEntry | undefined,
  item: OutboxItem,
  at: { readonly names: readonly string[]; readonly sequence: number; readonly now: number },
): OutboxEntry {
  const waits = known !== undefined && hasDebt(known);
  const place = waits
    ? { sequence: known.sequence, since: known.since }
    : { sequence: at.sequence, since: at.now };
  const deliveries = at.names.map((name) => [name, known?.deliveries[name] ?? notDelivered] as const);
  return { key: keyOf(item), item, deliveries: Object.fromEntries(deliveries), ...place };
}

/** The entry once `destination` has `item`, at `now` (milliseconds since the epoch); without the text that nobody needs. */
export function markDelivered(
  entry: OutboxEntry,
  destination: string,
  item: OutboxItem,
  now: number,
): OutboxEntry {
  const posts = (entry.deliveries[destination]?.posts ?? 0) + 1;
  const state = item.kind === 'status' ? { state: item.status.state } : {};
  const delivery = { fingerprint: fingerprintOf(item), posts, at: now, ...state };
  const told = { ...entry, deliveries: { ...entry.deliveries, [destination]: delivery } };
  return hasDebt(told) ? told : { ...told, item: withoutText(told.item) };
}

/** A long text is not kept once it is where it belongs: its digest tells whether another one is new. */
function withoutText(item: OutboxItem): OutboxItem {
  switch (item.kind) {
    case 'status':
      return item;
    case 'note':
      return { ...item, note: { ...item.note, body: '' } };
    case 'comment':
      return { ...item, comment: { ...item.comment, markdown: '' } };
    case 'revert':
      return { ...item, revert: { ...item.revert, body: '' } };
  }
}

/** The entry as it is stored. */
export function encodeEntry({ item, sequence, since, deliveries }: OutboxEntry): unknown {
  return { version: 1, item, sequence, since, deliveries };
}

/** An entry as it was stored; undefined for anything that another version or a fault has left. */
export function decodeEntry(key: string, value: unknown): OutboxEntry | undefined {
  const { version, item: rawItem, sequence, since, deliveries } = membersOf(value);
  const item = decodeItem(rawItem);
  if (version !== 1 || !item || keyOf(item) !== key) return undefined;
  if (typeof sequence !== 'number' || typeof since !== 'number') return undefined;
  const decoded = Object.entries(membersOf(deliveries)).map(
    ([name, raw]) => [name, decodeDelivery(raw)] as const,
  );
  return { key, item, sequence, since, deliveries: Object.fromEntries(decoded) };
}

function decodeItem(raw: unknown): OutboxItem | undefined {
  const { kind, status, note, comment, revert } = membersOf(raw);
  if (kind === 'comment') return { kind, comment: decodeComment(membersOf(comment)) };
  if (kind === 'revert') return { kind, revert: decodeRevert(membersOf(revert)) };
  if (kind === 'note') {
    const { sha, digest, body } = membersOf(note);
    return { kind, note: { sha: commitSha(textOf(sha)), digest: textOf(digest), body: textOf(body) } };
  }
  const members = membersOf(status);
  const state = decodeState(members.state);
  if (kind !== 'status' || !state) return undefined;
  const decoded: StandingStatus = {
    sha: commitSha(textOf(members.sha)),
    context: textOf(members.context),
    state,
    description: textOf(members.description),
    attempt: Number(members.attempt ?? 0),
    ...(typeof members.targetUrl === 'string' ? { targetUrl: members.targetUrl } : {}),
    ...(members.cause === 'wrong-config' ? { cause: members.cause } : {}),
    ...decodeHead(members.pullRequest),
  };
  return { kind, status: decoded };
}

function decodeHead(raw: unknown): { readonly pullRequest?: PullRequestHead } {
  const { number, branch, fork } = membersOf(raw);
  if (typeof number !== 'number') return {};
  return { pullRequest: { number, branch: textOf(branch), fork: fork === true } };
}

function decodeComment(raw: Readonly<Record<string, unknown>>): OwedComment {
  const { pullRequest, marker, markdown, wholeUrl, digest } = raw;
  return {
    pullRequest: Number(pullRequest),
    marker: textOf(marker),
    markdown: textOf(markdown),
    ...(typeof wholeUrl === 'string' ? { wholeUrl } : {}),
    digest: textOf(digest),
  };
}

function decodeRevert(raw: Readonly<Record<string, unknown>>): OwedRevert {
  const { sha, branch, base, title, body, wholeUrl } = raw;
  return {
    sha: commitSha(textOf(sha)),
    branch: textOf(branch),
    base: textOf(base),
    title: textOf(title),
    body: textOf(body),
    ...(typeof wholeUrl === 'string' ? { wholeUrl } : {}),
  };
}

function decodeDelivery(raw: unknown): Delivery {
  const { fingerprint, state, posts, at } = membersOf(raw);
  const known = decodeState(state);
  return {
    fingerprint: textOf(fingerprint),
    posts: Number(posts ?? 0),
    at: Number(at ?? 0),
    ...(known ? { state: known } : {}),
  };
}

function decodeState(value: unknown): StatusState | undefined {
  return value === 'pending' || value === 'success' || value === 'failure' || value === 'error'
    ? value
    : undefined;
}
