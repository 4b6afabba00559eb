import type { FleetEvent } from '../model/index.ts';
import { createDeliveryLane, type LaneDeps, type LaneOptions } from './delivery-lane.ts';
import type { Destination } from './destination.ts';
import { composeNotice, type NoticeContext } from './notice.ts';
import { createQuietTime } from './quiet-time.ts';

/** Tells people what they should know of, once. */
export interface Notifier {
  /** Hears of an event; tells of it where it is worth a notice. */
  take(event: FleetEvent): void;
  /** Tells nothing more; what is not delivered within `graceMs` is lost. */
  close(graceMs: number): Promise<void>;
}

export interface NotifierOptions extends NoticeContext, Partial<LaneOptions> {
  readonly destinations: readonly Destination[];
  /** Milliseconds during which repeats on one subject are kept back, and then told together. */
  readonly quietMs: number;
}

const maxSubjects = 1_000;
const laneDefaults: LaneOptions = {
  maxWaiting: 100,
  maxAttempts: 10,
  backoff: { initialMs: 1_000, maxMs: 300_000 },
  gapMs: 1_000,
};

/** A notifier; what it has not delivered is lost with the process: the commit statuses are the record. */
export function createNotifier(options: NotifierOptions, deps: LaneDeps): Notifier {
  const { destinations, quietMs, publicUrl, instance, ...lane } = options;
  const lanes = destinations.map((one) => createDeliveryLane(one, { ...laneDefaults, ...lane }, deps));
  const quiet = createQuietTime(
    { quietMs, maxSubjects },
    {
      clock: deps.clock,
      tell(notice) {
        for (const one of lanes) one.add(notice);
      },
      onDropped: ({ kind }) =>
        deps.logger.warn({ kind }, 'too many subjects of notifications: one is left out'),
    },
  );
  const context: NoticeContext = {
    ...(publicUrl !== undefined && { publicUrl }),
    ...(instance !== undefined && { instance }),
  };
  return {
    take(event) {
      const notice = composeNotice(event, context);
      if (!notice) return;
      if (notice.kind === 'source.recovered') quiet.recover(notice);
      else quiet.raise(notice, notice.kind === 'source.stalled');
    },
    async close(graceMs) {
      quiet.close();
      await Promise.all(lanes.map((one) => one.close(graceMs)));
    },
  };
}
