import { describe, expect, it } from 'vitest';
import { createPoller, type PollerOptions, type PollState } from '../../../src/git-source/index.ts';
import { type CommitSha, commitSha, MusterError, type RepoContent } from '../../../src/model/index.ts';
import { createManualClock, createSilentLogger } from '../../../src/runtime/index.ts';

function contentOf(revision: CommitSha): RepoContent {
  return {
    revision,
    ref: 'main',
    tree: 't',
    commit: { author: 'a', subject: 's', committedAt: 0, parents: [] },
    entries: [],
    blobs: new Map(),
  };
}

const failing = (code: string, retryAfterMs?: number) =>
  new MusterError(code, 'it fails', {
    disposition: 'transient',
    hint: 'do this',
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });

function setUp(options: Partial<PollerOptions> = {}) {
  const clock = createManualClock();
  const remote = { head: commitSha('1'.repeat(40)), error: undefined as Error | undefined };
  const log: string[] = [];
  const states: PollState[] = [];
  let hold: Promise<void> | undefined;
  const poller = createPoller(
    {
      clock,
      random: () => 0,
      logger: createSilentLogger(),
      known: () => false,
      source: {
        resolve: async () => {
          log.push('resolve');
          if (remote.error !== undefined) throw remote.error;
          return remote.head;
        },
        read: async (sha) => {
          log.push(`read ${sha.slice(0, 1)}`);
          await hold;
          return contentOf(sha as CommitSha);
        },
      },
      onRevision: ({ revision }) => {
        log.push(`take ${revision.slice(0, 1)}`);
        if (remote.head.startsWith('f')) throw new Error('consumer fails');
      },
      onState: (state) => states.push(state),
    },
    { everyMs: 30_000, jitter: 0.2, backoff: { initialMs: 60_000, maxMs: 600_000 }, ...options },
  );
  /** Lets promises settle. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const step = async (ms: number): Promise<string[]> => {
    clock.advance(ms);
    poller.tick();
    await settle();
    return log.splice(0);
  };
  return {
    clock,
    remote,
    states,
    poller,
    settle,
    step,
    holdReads(until: Promise<void>) {
      hold = until;
    },
    log,
  };
}

describe('poller', () => {
  it('polls at once, then when due, and reads only what changed', async () => {
    const { step, remote, poller } = setUp();
    expect(await step(0)).toEqual(['resolve', 'read 1', 'take 1']);
    expect(await step(29_000)).toEqual([]);
    expect(await step(1_000)).toEqual(['resolve']);
    remote.head = commitSha('2'.repeat(40));
    expect(await step(30_000)).toEqual(['resolve', 'read 2', 'take 2']);
    expect(poller.state()).toMatchObject({ revision: remote.head });
    expect(poller.state().failingSince).toBeUndefined();
  });

  it('does not read the revision that the caller has after a restart', async () => {
    const { step } = setUp({ revision: commitSha('1'.repeat(40)) });
    expect(await step(0)).toEqual(['resolve']);
  });

  it('is not misled by a jump of the wall clock', async () => {
    const { step, clock } = setUp();
    await step(0);
    clock.jump(-3_600_000);
    expect(await step(30_000)).toEqual(['resolve']);
    clock.jump(3_600_000);
    expect(await step(1_000)).toEqual([]);
  });

  it('backs off while it fails, says since when, and recovers alone', async () => {
    const { step, remote, poller, clock } = setUp();
    await step(0);
    const since = clock.now() + 30_000;
    remote.error = failing('GIT_UNREACHABLE');
    expect(await step(30_000)).toEqual(['resolve']);
    expect(await step(59_000)).toEqual([]);
    expect(await step(1_000)).toEqual(['resolve']);
    expect(await step(119_000)).toEqual([]);
    expect(await step(1_000)).toEqual(['resolve']);
    expect(poller.state()).toMatchObject({
      failingSince: since,
      error: { code: 'GIT_UNREACHABLE', message: 'it fails', hint: 'do this' },
      revision: remote.head,
    });
    remote.error = undefined;
    expect(await step(240_000)).toEqual(['resolve']);
    expect(poller.state().failingSince).toBeUndefined();
    expect(poller.state().error).toBeUndefined();
  });

  it('waits as long as the host asks', async () => {
    const { step, remote } = setUp();
    remote.error = failing('GIT_THROTTLED', 500_000);
    await step(0);
    expect(await step(499_000)).toEqual([]);
    expect(await step(1_000)).toEqual(['resolve']);
  });

  it('makes one poll of requests that come together', async () => {
    const { step, poller } = setUp();
    await step(0);
    poller.request();
    poller.request();
    expect(await step(249)).toEqual([]);
    poller.request();
    expect(await step(1)).toEqual(['resolve']);
    expect(await step(1_000)).toEqual([]);
  });

  it('polls at once when asked, and those who ask right afterwards together once more', async () => {
    const { step, poller } = setUp();
    await step(0);
    await step(10_000);
    poller.request();
    expect(await step(0)).toEqual(['resolve']);
    for (let more = 0; more < 20; more += 1) poller.request();
    expect(await step(249)).toEqual([]);
    expect(await step(1)).toEqual(['resolve']);
    expect(await step(1_000)).toEqual([]);
  });

  it('does not repeat refused credentials faster than hosts endure, whatever webhooks come', async () => {
    const { step, poller, remote } = setUp();
    remote.error = failing('GIT_AUTH');
    await step(0);
    let polls = 0;
    for (let second = 0; second < 180; second++) {
      poller.request();
      polls += (await step(1_000)).length;
    }
    expect(polls).toBeGreaterThan(0);
    expect(polls).toBeLessThanOrEqual(13);
  });

  it('polls again after a poll during which it was asked, and skips commits in between', async () => {
    const { step, poller, remote, holdReads, log, settle } = setUp();
    let release: () => void = () => {};
    holdReads(
      new Promise((resolve) => {
        release = resolve;
      }),
    );
    expect(await step(0)).toEqual(['resolve', 'read 1']);
    for (const digit of ['2', '3', '4']) {
      remote.head = commitSha(digit.repeat(40));
      poller.request();
      expect(await step(300)).toEqual([]);
    }
    release();
    await settle();
    await settle();
    expect(log).toEqual(['take 1', 'resolve', 'read 4', 'take 4']);
  });

  it('gives a revision again that the caller could not take', async () => {
    const { step, poller, remote } = setUp();
    remote.head = commitSha('f'.repeat(40));
    expect(await step(0)).toEqual(['resolve', 'read f', 'take f']);
    expect(poller.state()).toMatchObject({ error: { code: 'GIT_FAILED' } });
    expect(poller.state().revision).toBeUndefined();
    expect(await step(60_000)).toEqual(['resolve', 'read f', 'take f']);
  });

  it('ends quietly', async () => {
    const { step, poller, log } = setUp();
    await step(0);
    poller.request();
    await poller.close();
    expect(await step(100_000)).toEqual([]);
    expect(log).toEqual([]);
    expect(poller.state().error).toBeUndefined();
  });
});
