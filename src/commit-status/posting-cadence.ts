import type { Delivery, OutboxItem } from './outbox-entry.ts';
import { carriesVerdict } from './outbox-entry.ts';

/**
 * Least milliseconds between two texts of one pending status: 30 s for the first ten minutes, then 2 minutes for an
 * hour, then 10 minutes (git-hosts.md, "Rules for the poster").
 */
export function cadenceMs(posts: number): number {
  if (posts < 20) return 30_000;
  return posts < 50 ? 120_000 : 600_000;
}

/** Least milliseconds between two texts of one comment: a push to its branch seldom comes alone. */
const commentCadenceMs = 30_000;

/** Milliseconds to wait after the last write before `item` may follow; 0 for whatever must not wait. */
export function waitAfterLast(item: OutboxItem, last: Delivery): number {
  if (last.posts === 0 || item.kind === 'note' || item.kind === 'revert') return 0;
  if (item.kind === 'comment') return commentCadenceMs;
  return item.status.state === last.state ? cadenceMs(last.posts) : 0;
}

/** Whether a host's records for the context are so nearly used up that only a verdict may still go. */
export function isSuppressed(item: OutboxItem, last: Delivery, recordsPerContext: number): boolean {
  return last.posts >= recordsPerContext * 0.9 && item.kind === 'status' && !carriesVerdict(item);
}
