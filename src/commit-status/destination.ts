import type { NoteReporter } from './note-reporter.ts';
import type { OutboxItem } from './outbox-entry.ts';
import type { PullRequestComments } from './pull-request-comments.ts';
import type { RevertReporter } from './revert-reporter.ts';
import type { ReporterLimits, StatusReporter } from './status-reporter.ts';

/** Where items go: a reporter, whichever kind of item it takes. */
export interface Destination {
  readonly name: string;
  readonly limits: ReporterLimits;
  accepts(item: OutboxItem): boolean;
  send(item: OutboxItem, signal: AbortSignal): Promise<void>;
}

/** A Git host as a destination of statuses. */
export function statusDestination(reporter: StatusReporter): Destination {
  return {
    name: reporter.name,
    limits: reporter.limits,
    accepts: (item) => item.kind === 'status',
    send: async (item, signal) => {
      if (item.kind === 'status') await reporter.report(item.status, signal);
    },
  };
}

/** A Git host as a destination of comments on pull requests. */
export function commentDestination(comments: PullRequestComments): Destination {
  return {
    name: comments.name,
    limits: comments.limits,
    accepts: (item) => item.kind === 'comment',
    send: async (item, signal) => {
      if (item.kind === 'comment') await comments.upsert(item.comment, signal);
    },
  };
}

/** Pull requests that take bad revisions back, as a destination. */
export function revertDestination(reporter: RevertReporter): Destination {
  return {
    name: reporter.name,
    limits: reporter.limits,
    accepts: (item) => item.kind === 'revert',
    send: async (item, signal) => {
      if (item.kind === 'revert') await reporter.report(item.revert, signal);
    },
  };
}

/** The notes ref as a destination of fleet reports. */
export function noteDestination(reporter: NoteReporter): Destination {
  return {
    name: reporter.name,
    limits: reporter.limits,
    accepts: (item) => item.kind === 'note',
    send: async (item, signal) => {
      if (item.kind === 'note') await reporter.report(item.note, signal);
    },
  };
}
