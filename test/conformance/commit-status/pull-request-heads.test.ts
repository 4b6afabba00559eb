import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostErrorCodes as codes, type StatusReporter } from '../../../src/commit-status/index.ts';
import type { PullRequestHead } from '../../../src/model/index.ts';
import { createSystemClock } from '../../../src/runtime/index.ts';
import { type AzureStandIn, startAzure } from '../../support/git-host-azure.ts';
import { type HostCall, once } from '../../support/git-host-server.ts';
import type { GitHostStandIn } from '../../support/git-host-stand-in.ts';
import { hostsUnderTest, reporterFor, shaOf, statusOf } from './hosts.ts';

const signal = new AbortController().signal;
const head: PullRequestHead = { number: 7, branch: 'change-7', fork: false };
const planned = (parts: object = {}) =>
  statusOf({
    context: 'muster/plan',
    state: 'success',
    description: 'no agent changes',
    pullRequest: head,
    ...parts,
  });

describe.each(hostsUnderTest)('$type, on the head of a pull request', ({ type, token, start }) => {
  let host: GitHostStandIn;
  let reporter: StatusReporter;

  beforeEach(async () => {
    host = await start();
    host.addCommit(shaOf(1));
    host.forge.open({ number: 7, head: shaOf(1), headBranch: 'change-7' });
    reporter = reporterFor(type, host, { clock: createSystemClock(), readToken: () => token });
  });
  afterEach(() => host.server.close());

  it('posts the forecast, then another one', async () => {
    await reporter.report(planned({ state: 'pending', description: 'planning' }), signal);
    await reporter.report(planned(), signal);
    await reporter.report(planned({ state: 'failure', description: '2 agents in conflict' }), signal);
    expect(host.records(shaOf(1), 'muster/plan').map(({ state }) => state)).toEqual([
      host.wordFor('pending'),
      host.wordFor('success'),
      host.wordFor('failure'),
    ]);
  });

  it('writes it once over a restart', async () => {
    await reporter.report(planned(), signal);
    await reporterFor(type, host, { clock: createSystemClock(), readToken: () => token }).report(
      planned(),
      signal,
    );
    expect(host.server.calls.filter(({ method }) => method === 'POST')).toHaveLength(
      type === 'azure' ? 2 : 1,
    );
  });

  it('of a fork, posts where the token has rights, or not at all', async () => {
    await reporter.report(planned({ pullRequest: { ...head, fork: true } }), signal);
    expect(host.records(shaOf(1))).toHaveLength(type === 'gitlab' ? 0 : 1);
  });
});

describe('the branch of a head', () => {
  it.each([
    ['gitlab', 'ref', 'change-7'],
    ['bitbucket', 'refname', 'change-7'],
    ['bitbucket-server', 'ref', 'refs/heads/change-7'],
  ])('is told to %s', async (type, member, value) => {
    const under = hostsUnderTest.find((one) => one.type === type);
    if (!under) throw new Error('no such host');
    const host = await under.start();
    host.addCommit(shaOf(1));
    const deps = { clock: createSystemClock(), readToken: () => under.token };
    await reporterFor(under.type, host, deps).report(planned(), signal);
    const post = host.server.calls.find(({ method }) => method === 'POST');
    expect(post?.body[member]).toBe(value);
    await host.server.close();
  });
});

describe('Azure DevOps pull requests', () => {
  const first = shaOf('a');
  const second = shaOf('b');
  const onStatuses = (call: HostCall) =>
    /pullRequests\/7\/statuses$/.test(call.path) && call.method === 'POST';
  let host: AzureStandIn;
  let reporter: StatusReporter;
  const restarted = () =>
    reporterFor('azure', host, { clock: createSystemClock(), readToken: () => 'az-token' });

  beforeEach(async () => {
    host = await startAzure();
    host.forge.open({ number: 7, head: first });
    for (const sha of [first, second]) host.addCommit(sha);
    reporter = restarted();
  });
  afterEach(() => host.server.close());

  it('have statuses of genre and name on the iteration of the commit', async () => {
    await reporter.report(planned({ sha: first, context: 'muster/eu-1/plan' }), signal);
    host.push(7, second);
    await reporter.report(planned({ sha: second, context: 'muster/eu-1/plan' }), signal);
    expect(host.pullStatuses(7).map(({ context, iterationId }) => [context, iterationId])).toEqual([
      ['muster/eu-1/plan', 1],
      ['muster/eu-1/plan', 2],
    ]);
    const post = host.server.calls.find(onStatuses);
    expect(post?.body.context).toEqual({ genre: 'muster/eu-1', name: 'plan' });
  });

  it('get the status again on a new iteration, even when it says the same', async () => {
    await reporter.report(planned({ sha: first }), signal);
    host.push(7, second);
    await restarted().report(planned({ sha: second }), signal);
    expect(host.pullStatuses(7)).toHaveLength(2);
  });

  it('get it once over a restart between the two writes', async () => {
    host.server.setFaults(once(onStatuses, { kind: 'reset' }));
    await expect(reporter.report(planned({ sha: first }), signal)).rejects.toMatchObject({
      code: codes.unreachable,
    });
    await restarted().report(planned({ sha: first }), signal);
    await restarted().report(planned({ sha: first }), signal);
    expect(host.records(first)).toHaveLength(1);
    expect(host.pullStatuses(7)).toHaveLength(1);
  });

  it('are waited for while they do not show the commit', async () => {
    const error = await reporter.report(planned({ sha: second }), signal).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: codes.notFound });
    host.push(7, second);
    await reporter.report(planned({ sha: second }), signal);
    expect(host.pullStatuses(7)).toHaveLength(1);
  });
});

describe('Azure DevOps', () => {
  it('is asked no more for as long as it wishes in an answer that it grants', async () => {
    const host = await startAzure();
    host.addCommit(shaOf(1));
    const waits: number[] = [];
    const clock = createSystemClock();
    const watched = {
      ...clock,
      after(ms: number, callback: () => void) {
        waits.push(ms);
        return clock.after(ms > 1_000 && ms < 15_000 ? 0 : ms, callback);
      },
    };
    const reporter = reporterFor('azure', host, { clock: watched, readToken: () => 'az-token' });
    host.server.setFaults(
      once(() => true, {
        kind: 'reply',
        reply: { status: 200, headers: { 'retry-after': '7' }, body: { value: [] } },
      }),
    );
    await reporter.report(statusOf(), signal);
    expect(waits.some((ms) => ms > 6_000 && ms <= 7_000)).toBe(true);
    await host.server.close();
  });
});
