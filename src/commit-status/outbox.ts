import type { CommitSha, FleetReport, StandingStatus } from '../model/index.ts';
import type { Clock, Logger } from '../runtime/index.ts';
import { commentDestination, noteDestination, revertDestination, statusDestination } from './destination.ts';
import { nextStatus } from './next-status.ts';
import type { NoteReporter } from './note-reporter.ts';
import { createOutboxEntries } from './outbox-entries.ts';
import { hasDebt, keyOf, type OutboxEntry, type OutboxItem, toOwedComment } from './outbox-entry.ts';
import { createOutboxLane, type DestinationState, type OutboxLane } from './outbox-lane.ts';
import type { OutboxStore } from './outbox-store.ts';
import { publishReport } from './publish-report.ts';
import type { PullRequestComment, PullRequestComments } from './pull-request-comments.ts';
import type { OwedRevert, RevertReporter } from './revert-reporter.ts';
import { serializeReport } from './serialize-report.ts';
import type { StatusReporter } from './status-reporter.ts';

export interface OutboxDeps {
  readonly store: OutboxStore;
  /** The Git hosts that statuses go to; may be empty. */
  readonly reporters: readonly StatusReporter[];
  /** Where fleet reports go, if anywhere. */
  readonly notes?: NoteReporter;
  /** Where comments on pull requests go, if anywhere. */
  readonly comments?: PullRequestComments;
  /** Where bad revisions are proposed to be taken back, if anywhere. */
  readonly reverts?: RevertReporter;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  /** Lets other work run while the report of a large fleet is composed. */
  readonly breathe: () => Promise<void>;
  readonly logger: Logger;
}

export interface OutboxOptions {
  /** Statuses, notes, comments and reverts kept, delivered ones included; default 5000. */
  readonly maxEntries?: number;
  /** Undelivered notes, comments and reverts kept; default 100. */
  readonly maxNotes?: number;
  /** Bytes of one note; default 64 KiB. */
  readonly maxNoteBytes?: number;
  /** Milliseconds that `close` lets a delivery under way take; default 3 s. */
  readonly closeGraceMs?: number;
}

/** One status as it stands, and whether every Git host has it. */
export interface StatusOnRecord {
  readonly status: StandingStatus;
  /** Milliseconds since the epoch of the newest write; undefined before the first. */
  readonly postedAt: number | undefined;
  /** Whether a Git host still has to be told. */
  readonly queued: boolean;
}

export interface OutboxState {
  readonly destinations: readonly DestinationState[];
  /** Items that were dropped undelivered because the outbox was full, since the start. */
  readonly dropped: number;
  /** Whether entries can be stored; while not, they live in memory only. */
  readonly store: 'ok' | 'failing';
}

/**
 * Brings statuses, notes and comments to the Git host: durable, deduplicated, the latest text of a context only, verdicts at
 * once, within each destination's limits, however long it is away. A verdict that stands stays (`nextStatus`).
 */
export interface Outbox {
  /** Takes up what an earlier run has left. Call it once, before anything else. */
  start(): Promise<void>;
  /** What should stand now; what stands already costs nothing. */
  submit(statuses: readonly StandingStatus[]): void;
  /** A fleet report for the commit's note; the same one again, but for its time, costs nothing. */
  submitReport(report: FleetReport): void;
  /** A comment on a pull request, in place of the one of its marker; the same text again costs nothing. */
  submitComment(comment: PullRequestComment): void;
  /** A revert to be proposed; a second one of the same revision costs nothing. */
  submitRevert(revert: OwedRevert): void;
  /** What stands on a commit, and what of it the Git host still has to be told. */
  statuses(sha: string): readonly StatusOnRecord[];
  state(): OutboxState;
  /** Stops; what is undelivered stays in the store. */
  close(): Promise<void>;
}

/** An outbox over a store and its destinations; it does nothing before `start`. */
export function createOutbox(deps: OutboxDeps, options: OutboxOptions = {}): Outbox {
  const destinations = [
    ...deps.reporters.map(statusDestination),
    ...(deps.notes ? [noteDestination(deps.notes)] : []),
    ...(deps.comments ? [commentDestination(deps.comments)] : []),
    ...(deps.reverts ? [revertDestination(deps.reverts)] : []),
  ];
  const lanes: OutboxLane[] = [];
  const entries = createOutboxEntries(deps, destinations, options, {
    onChange(entry) {
      for (const lane of lanes) lane.consider(entry);
    },
    onGone(key) {
      for (const lane of lanes) lane.drop(key);
    },
  });
  for (const destination of destinations) {
    const onDelivered = (key: string, item: OutboxItem) => entries.delivered(key, destination.name, item);
    lanes.push(createOutboxLane({ ...deps, destination, stored: entries.stored, onDelivered }));
  }
  /** Reports that are not composed yet: the last one of each commit. */
  const waiting = new Map<CommitSha, FleetReport>();
  let composing: Promise<void> | undefined;

  async function composeReports(): Promise<void> {
    for (const [sha, report] of waiting) {
      waiting.delete(sha);
      const written = await serializeReport(publishReport(report), deps.breathe, options.maxNoteBytes);
      entries.want({ kind: 'note', note: { sha, digest: written.digest, body: written.text } });
    }
    composing = undefined;
  }

  return {
    start: entries.load,
    submit(statuses) {
      for (const status of statuses) {
        const known = entries.get(keyOf({ kind: 'status', status }))?.item;
        const standing = known?.kind === 'status' ? known.status : undefined;
        entries.want({ kind: 'status', status: nextStatus(standing, status) });
      }
    },
    submitReport(report) {
      if (!deps.notes) return;
      waiting.set(report.revision, report);
      composing ??= composeReports();
    },
    submitComment(comment) {
      if (deps.comments) entries.want({ kind: 'comment', comment: toOwedComment(comment) });
    },
    submitRevert(revert) {
      if (deps.reverts) entries.want({ kind: 'revert', revert });
    },
    statuses: (sha) => entries.ofSubject(sha).flatMap(toRecord),
    state: () => ({ destinations: lanes.map((lane) => lane.state()), ...entries.state() }),
    async close() {
      await composing;
      await Promise.all(lanes.map((lane) => lane.close(options.closeGraceMs ?? 3_000)));
      await entries.close();
    },
  };
}

function toRecord(entry: OutboxEntry): StatusOnRecord[] {
  if (entry.item.kind !== 'status') return [];
  const times = Object.values(entry.deliveries).flatMap(({ posts, at }) => (posts > 0 ? [at] : []));
  const postedAt = times.length > 0 ? Math.max(...times) : undefined;
  return [{ status: entry.item.status, postedAt, queued: hasDebt(entry) }];
}
