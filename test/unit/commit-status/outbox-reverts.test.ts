import { describe, expect, it } from 'vitest';
import { createHostError } from '../../../src/commit-status/host-error.ts';
import {
  hostErrorCodes as codes,
  createRevertReporter,
  type OwedRevert,
  type RevertRequest,
} from '../../../src/commit-status/index.ts';
import { commitSha } from '../../../src/model/index.ts';
import { sha1, startBench } from './outbox-bench.ts';

const minute = 60_000;
const revert: OwedRevert = {
  sha: sha1,
  branch: 'muster/revert-1111111',
  base: 'main',
  title: 'Revert 1111111: Raise the queue',
  body: 'It failed.',
  wholeUrl: 'https://muster.example/r/1',
};

function startHost() {
  const pushed: { sha: string; branch: string; message: string }[] = [];
  const opened: RevertRequest[] = [];
  const host = { fail: undefined as (() => Error) | undefined, outcome: 'pushed' as 'pushed' | 'root' };
  const reverts = createRevertReporter({
    async pushRevert(want) {
      pushed.push(want);
      return host.outcome;
    },
    reverts: {
      async openRevert(request) {
        if (host.fail) throw host.fail();
        opened.push(request);
        return { number: 1, url: 'https://git.example/1', isNew: true };
      },
    },
  });
  return { ...{ host, pushed, opened, reverts } };
}

describe('reverts in the outbox', () => {
  it('are pushed as Git names them and opened once, over a restart and another failure of the same revision', async () => {
    const { pushed, opened, reverts } = startHost();
    const bench = await startBench({ reverts });
    bench.outbox.submitRevert(revert);
    await bench.time.travel(minute);
    await bench.restart();
    bench.outbox.submitRevert({ ...revert, body: 'It failed again.' });
    await bench.time.travel(minute);
    const { sha, ...request } = revert;
    expect(opened).toEqual([request]);
    expect(pushed).toEqual([
      { sha, branch: request.branch, message: `${request.title}\n\nThis reverts commit ${sha}.\n` },
    ]);
  });

  it('wait for a host that is away, whole, through a restart', async () => {
    const { host, opened, reverts } = startHost();
    host.fail = () => createHostError(codes.unreachable, 'no');
    const bench = await startBench({ reverts });
    bench.outbox.submitRevert(revert);
    await bench.time.travel(10 * minute, minute);
    host.fail = undefined;
    await bench.restart();
    await bench.time.travel(10 * minute, minute);
    const { sha: _, ...request } = revert;
    expect(opened).toEqual([request]);
  });

  it('end without a pull request where nothing is before the revision', async () => {
    const { host, opened, reverts } = startHost();
    host.outcome = 'root';
    const bench = await startBench({ reverts });
    bench.outbox.submitRevert({ ...revert, sha: commitSha('2'.repeat(40)) });
    await bench.time.travel(minute);
    expect(opened).toEqual([]);
    expect(bench.outbox.state().destinations.find(({ name }) => name === 'reverts')?.outstanding).toBe(0);
  });
});
