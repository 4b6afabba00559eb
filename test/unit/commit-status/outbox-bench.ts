import {
  createOutbox,
  type NoteReporter,
  type Outbox,
  type OutboxOptions,
  type PullRequestComment,
  type PullRequestComments,
  type RevertReporter,
  type StatusReporter,
} from '../../../src/commit-status/index.ts';
import { commitSha, type StandingStatus } from '../../../src/model/index.ts';
import { createSilentLogger, type Logger } from '../../../src/runtime/index.ts';
import { createMemoryOutboxStore, type MemoryOutboxStore } from '../../support/git-host-outbox-store.ts';
import { createTimeTravel, type TimeTravel } from '../../support/git-host-time.ts';

/** A write that a fake destination has taken, and when (seconds on the clock since the start). */
export interface Write {
  readonly at: number;
  readonly context: string;
  readonly state: string;
  readonly description: string;
}

/** An outbox with one fake host, moved by hand. */
export interface OutboxBench {
  readonly time: TimeTravel;
  readonly store: MemoryOutboxStore;
  readonly writes: Write[];
  /** Comments that the fake host has taken, and when. */
  readonly comments: (PullRequestComment & { readonly at: number })[];
  outbox: Outbox;
  /** While set, every delivery fails with what it returns. */
  fail: ((status: StandingStatus) => Error | undefined) | undefined;
  /** While set, every comment fails with what it returns. */
  failComment: (() => Error | undefined) | undefined;
  /** Another process on the same store. */
  restart(): Promise<Outbox>;
  seconds(): number;
}

export interface BenchOptions extends OutboxOptions {
  readonly limits?: Partial<StatusReporter['limits']>;
  readonly notes?: NoteReporter;
  readonly reverts?: RevertReporter;
  readonly logger?: Logger;
}

const wide = { minIntervalMs: 0, writesPerHour: 100_000, recordsPerContext: 1_000, stalledRetryMs: 900_000 };

export async function startBench(options: BenchOptions = {}): Promise<OutboxBench> {
  const time = createTimeTravel();
  const began = time.clock.monotonic();
  const bench: OutboxBench = {
    time,
    store: createMemoryOutboxStore(),
    writes: [],
    comments: [],
    outbox: undefined as unknown as Outbox,
    fail: undefined,
    failComment: undefined,
    seconds: () => (time.clock.monotonic() - began) / 1000,
    async restart() {
      await bench.outbox?.close();
      bench.outbox = createOutbox(depsOf(bench, options), options);
      await bench.outbox.start();
      await time.quiet();
      return bench.outbox;
    },
  };
  await bench.restart();
  return bench;
}

function depsOf(bench: OutboxBench, options: BenchOptions) {
  const reporter: StatusReporter = {
    name: 'fake',
    limits: { ...wide, ...options.limits },
    async report(status) {
      const failure = bench.fail?.(status as StandingStatus);
      if (failure) throw failure;
      const { context, state, description } = status;
      bench.writes.push({ at: bench.seconds(), context, state, description });
    },
  };
  const comments: PullRequestComments = {
    name: 'fake-comments',
    limits: wide,
    format: { maxBytes: 60_000, folds: true },
    async upsert(comment) {
      const failure = bench.failComment?.();
      if (failure) throw failure;
      bench.comments.push({ ...comment, at: bench.seconds() });
    },
  };
  return {
    store: bench.store,
    reporters: [reporter],
    comments,
    ...(options.notes ? { notes: options.notes } : {}),
    ...(options.reverts ? { reverts: options.reverts } : {}),
    clock: bench.time.clock,
    random: () => 0,
    breathe: async () => {},
    logger: options.logger ?? createSilentLogger(),
  };
}

export const sha1 = commitSha('1'.repeat(40));

export function status(parts: Partial<StandingStatus> = {}): StandingStatus {
  return { sha: sha1, context: 'muster/fleet', state: 'pending', description: '0', attempt: 0, ...parts };
}
