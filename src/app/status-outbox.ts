import {
  composeRevert,
  composeStatus,
  createNoteReporter,
  createOutbox,
  createRevertReporter,
  type GitHost,
  type Outbox,
  revisionUrl,
} from '../commit-status/index.ts';
import type { GitSource } from '../git-source/index.ts';
import type { Metrics } from '../http-api/index.ts';
import type { StandingStatus } from '../model/index.ts';
import type { StatusSink } from '../reconciler/index.ts';
import type { Clock, Logger, ServiceSettings } from '../runtime/index.ts';
import type { LedStore } from './led-store.ts';
import { onlyWhileLeading } from './only-while-leading.ts';

/** What an outbox runs on. */
export interface StatusOutboxDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** In [0, 1). */
  readonly random: () => number;
  readonly breathe: () => Promise<void>;
}

/** Where statuses and notes go: the Git host's API with a token or App, notes where there is none (or always, if told). */
export function createStatusOutbox(
  settings: ServiceSettings,
  deps: StatusOutboxDeps,
  { store, leads }: Pick<LedStore, 'store' | 'leads'>,
  source: GitSource,
  host: GitHost | undefined,
): Outbox {
  const { notes } = settings.status;
  const writesNotes = notes === 'on' || (notes === 'auto' && !host);
  const { instance } = settings;
  const writeNote = onlyWhileLeading(leads, source.writeNote.bind(source));
  return createOutbox({
    store: store.outbox,
    reporters: host ? [{ ...host.statuses, report: onlyWhileLeading(leads, host.statuses.report) }] : [],
    ...(host && {
      comments: { ...host.comments, upsert: onlyWhileLeading(leads, host.comments.upsert) },
    }),
    ...(writesNotes && {
      notes: createNoteReporter(
        { writeNote },
        { isLocal: source.isLocal, ...(instance !== undefined && { instance }) },
      ),
    }),
    ...(host?.reverts &&
      !source.isLocal && {
        reverts: createRevertReporter({
          pushRevert: source.pushRevert.bind(source),
          reverts: host.reverts,
        }),
      }),
    clock: deps.clock,
    random: deps.random,
    breathe: deps.breathe,
    logger: deps.logger.child({ part: 'status' }),
  });
}

/** Composes what the loop hands over, and owes it to the outbox. */
export function createStatusSink(
  { git, publicUrl }: Pick<ServiceSettings, 'git' | 'publicUrl'>,
  outbox: Outbox,
  metrics: Metrics,
): StatusSink {
  return {
    submit(summary, standing): readonly StandingStatus[] {
      const statuses = composeStatus(summary, standing);
      outbox.submit(statuses);
      return statuses;
    },
    publish(report) {
      outbox.submitReport(report);
      if (report.seconds !== undefined) metrics.observeConverged(report.seconds);
    },
    proposeRevert({ sha, subject, failed }) {
      const wholeUrl = revisionUrl(publicUrl, sha);
      const branch = git.ref.replace(/^refs\/heads\//, '');
      const evidence = { sha, subject, branch, failed, ...(wholeUrl !== undefined && { wholeUrl }) };
      outbox.submitRevert({ sha, ...composeRevert(evidence) });
    },
  };
}
