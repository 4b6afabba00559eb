import { describe, expect, it } from 'vitest';
import { createHostError } from '../../../src/commit-status/host-error.ts';
import { hostErrorCodes as codes, type PullRequestComment } from '../../../src/commit-status/index.ts';
import { sha1, startBench, status } from './outbox-bench.ts';

const minute = 60_000;
const comment = (markdown: string, parts: Partial<PullRequestComment> = {}): PullRequestComment => ({
  pullRequest: 7,
  marker: 'plan:x',
  markdown,
  ...parts,
});
const lane = (bench: Awaited<ReturnType<typeof startBench>>) =>
  bench.outbox.state().destinations.find(({ name }) => name === 'fake-comments');

describe('comments in the outbox', () => {
  it('go once for one text, also over a restart', async () => {
    const bench = await startBench();
    for (let round = 0; round < 3; round += 1) {
      bench.outbox.submitComment(comment('a', { wholeUrl: 'https://muster.example' }));
      await bench.time.travel(minute);
    }
    await bench.restart();
    bench.outbox.submitComment(comment('a', { wholeUrl: 'https://muster.example' }));
    await bench.time.travel(minute);
    expect(bench.comments).toMatchObject([
      { ...comment('a', { wholeUrl: 'https://muster.example' }), at: 0 },
    ]);
  });

  it('are the latest text, half a minute apart', async () => {
    const bench = await startBench();
    for (let second = 0; second < 90; second += 1) {
      bench.outbox.submitComment(comment(`${second}`));
      await bench.time.travel(1_000);
    }
    expect(bench.comments.map(({ at, markdown }) => [at, markdown])).toEqual([
      [0, '0'],
      [30, '29'],
      [60, '59'],
      [90, '89'],
    ]);
  });

  it('are apart by pull request and marker', async () => {
    const bench = await startBench();
    bench.outbox.submitComment(comment('a'));
    bench.outbox.submitComment(comment('b', { pullRequest: 8 }));
    bench.outbox.submitComment(comment('c', { marker: 'plan:y' }));
    await bench.time.travel(1_000);
    expect(bench.comments.map(({ markdown }) => markdown)).toEqual(['a', 'b', 'c']);
  });

  it('survive an outage and a restart in it, the latest text of each, and keep no status waiting', async () => {
    const bench = await startBench();
    bench.failComment = () => createHostError(codes.unreachable, 'no');
    bench.outbox.submitComment(comment('old'));
    await bench.time.travel(10 * minute, minute);
    bench.outbox.submitComment(comment('new'));
    bench.outbox.submit([status()]);
    await bench.time.quiet();
    await bench.restart();
    await bench.time.travel(10 * minute, minute);
    expect(bench.writes).toHaveLength(1);
    expect(lane(bench)).toMatchObject({ status: 'retrying', outstanding: 1 });
    bench.failComment = undefined;
    await bench.time.travel(10 * minute, minute);
    expect(bench.comments.map(({ markdown }) => markdown)).toEqual(['new']);
    expect(lane(bench)).toMatchObject({ status: 'ok', outstanding: 0 });
  });

  it('stall where the token may not comment, and are tried again after a quarter of an hour', async () => {
    const bench = await startBench();
    let tries = 0;
    bench.failComment = () => {
      tries += 1;
      return createHostError(codes.forbidden, 'no');
    };
    bench.outbox.submitComment(comment('a'));
    await bench.time.travel(14 * minute, minute);
    expect(tries).toBe(1);
    expect(lane(bench)).toMatchObject({ status: 'stalled', problem: { code: codes.forbidden } });
    await bench.time.travel(2 * minute, minute);
    expect(tries).toBe(2);
  });

  it('are not kept as text once they are delivered', async () => {
    const bench = await startBench();
    bench.outbox.submitComment(comment('long text'));
    await bench.time.travel(1_000);
    expect([...bench.store.items.values()].join()).not.toContain('long text');
    expect([...bench.store.items.keys()]).toEqual(['#7 comment plan:x']);
  });

  it('push out the oldest of their kind when too many are owed, never a status', async () => {
    const bench = await startBench({ maxNotes: 3 });
    bench.failComment = () => createHostError(codes.unreachable, 'no');
    bench.outbox.submit([status()]);
    for (let number = 1; number <= 5; number += 1)
      bench.outbox.submitComment(comment(`${number}`, { pullRequest: number }));
    await bench.time.travel(1_000);
    bench.failComment = undefined;
    await bench.time.travel(10 * minute, minute);
    expect(bench.comments.map(({ markdown }) => markdown)).toEqual(['3', '4', '5']);
    expect(bench.outbox.statuses(sha1)).toHaveLength(1);
  });
});

describe('forecasts in the outbox', () => {
  const pullRequest = { number: 7, branch: 'x', fork: false };
  const descriptions = (bench: Awaited<ReturnType<typeof startBench>>) =>
    bench.writes.map(({ description }) => description);

  it('replace each other, and give way to the verdict on the revision', async () => {
    const bench = await startBench();
    const steps = [
      status({ state: 'success', description: 'fine', pullRequest }),
      status({ state: 'failure', description: 'base moved', pullRequest }),
      status({ state: 'success', description: 'revision' }),
      status({ state: 'failure', description: 'late forecast', pullRequest }),
    ];
    for (const step of steps) {
      bench.outbox.submit([step]);
      await bench.time.travel(1_000);
    }
    expect(descriptions(bench)).toEqual(['fine', 'base moved', 'revision']);
  });

  it('know their pull request after a restart', async () => {
    const bench = await startBench();
    bench.fail = () => createHostError(codes.unreachable, 'no');
    bench.outbox.submit([status({ state: 'success', description: 'fine', pullRequest })]);
    await bench.time.travel(1_000);
    await bench.restart();
    expect(bench.outbox.statuses(sha1)[0]?.status.pullRequest).toEqual(pullRequest);
  });
});
