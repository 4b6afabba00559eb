import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  hostErrorCodes as codes,
  type HostType,
  type OpenPullRequests,
} from '../../../src/commit-status/index.ts';
import { createSystemClock } from '../../../src/runtime/index.ts';
import { once } from '../../support/git-host-server.ts';
import type { GitHostStandIn } from '../../support/git-host-stand-in.ts';
import { gitHostFor, hostsUnderTest } from './hosts.ts';

const signal = new AbortController().signal;

/** What only a host's own refs and pages tell. */
const own: Record<Exclude<HostType, 'none'>, { head: string; merge: string | undefined; url: RegExp }> = {
  github: { head: 'refs/pull/7/head', merge: 'refs/pull/7/merge', url: /\/pull\/7$/ },
  gitlab: {
    head: 'refs/merge-requests/7/head',
    merge: 'refs/merge-requests/7/merge',
    url: /merge_requests\/7$/,
  },
  gitea: { head: 'refs/pull/7/head', merge: undefined, url: /\/pulls\/7$/ },
  bitbucket: { head: 'refs/heads/feature/x', merge: undefined, url: /\/pull-requests\/7$/ },
  'bitbucket-server': {
    head: 'refs/heads/feature/x',
    merge: 'refs/pull-requests/7/merge',
    url: /\/pull-requests\/7$/,
  },
  azure: { head: 'refs/heads/feature/x', merge: 'refs/pull/7/merge', url: /_git\/fleet\/pullrequest\/7$/ },
};

describe.each(hostsUnderTest)('$type open pull requests', ({ type, token, start }) => {
  let host: GitHostStandIn;
  let pullRequests: OpenPullRequests;

  beforeEach(async () => {
    host = await start();
    const deps = { clock: createSystemClock(), readToken: () => token };
    pullRequests = gitHostFor(type, host, deps).pullRequests;
  });
  afterEach(() => host.server.close());

  it('are told in full', async () => {
    const refs = own[type as keyof typeof own];
    host.forge.open({
      number: 7,
      title: 'Raise the queue `now` @team',
      head: 'ab'.repeat(20),
      headBranch: 'feature/x',
      base: 'release/1.2',
      author: 'ada',
      draft: true,
    });
    expect(await pullRequests.list(signal)).toEqual([
      {
        number: 7,
        title: 'Raise the queue `now` @team',
        head: 'ab'.repeat(20),
        headBranch: 'feature/x',
        headRef: refs.head,
        baseRef: 'refs/heads/release/1.2',
        mergeRef: refs.merge,
        author: 'ada',
        fork: false,
        draft: true,
        url: expect.stringMatching(refs.url),
      },
    ]);
  });

  it('are none where none is open', async () => {
    host.forge.open({ number: 1 });
    host.forge.close(1);
    expect(await pullRequests.list(signal)).toEqual([]);
  });

  it('are found on every page, newest first, each once', async () => {
    for (let number = 1; number <= 230; number += 1)
      host.forge.open({ number, head: number.toString(16).padStart(40, '0').split('').reverse().join('') });
    for (let number = 1; number <= 230; number += 10) host.forge.close(number);
    const numbers = (await pullRequests.list(signal)).map(({ number }) => number);
    expect(numbers).toHaveLength(207);
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => b - a));
  });

  it('tells forks from branches of the repository', async () => {
    host.forge.open({ number: 1, fork: true });
    host.forge.open({ number: 2, head: '2'.repeat(40) });
    const list = await pullRequests.list(signal);
    // The head of a private fork at Bitbucket Cloud cannot be named.
    const forks = type === 'bitbucket' ? [] : [1];
    expect(list.filter(({ fork }) => fork).map(({ number }) => number)).toEqual(forks);
    expect(list.find(({ number }) => number === 2)?.fork).toBe(false);
  });

  it('are seen as they are now, however often they were read', async () => {
    host.forge.open({ number: 1 });
    expect(await pullRequests.list(signal)).toHaveLength(1);
    expect(await pullRequests.list(signal)).toHaveLength(1);
    host.forge.open({ number: 2, head: '2'.repeat(40) });
    expect(await pullRequests.list(signal)).toHaveLength(2);
    host.forge.close(1);
    expect((await pullRequests.list(signal)).map(({ number }) => number)).toEqual([2]);
  });

  it('are no more than a thousand', async () => {
    for (let number = 1; number <= 1_100; number += 1)
      host.forge.open({ number, head: number.toString(16).padStart(40, '0').split('').reverse().join('') });
    const list = await pullRequests.list(signal);
    expect(list).toHaveLength(1_000);
    expect(list[0]?.number).toBe(1_100);
  });

  it('are refused, not misread, when the answer is another', async () => {
    const bad = [
      { number: 'x', iid: 'x', id: 'x', pullRequestId: 'x', lastMergeSourceCommit: { commitId: 'y' } },
    ];
    const body = ['github', 'gitlab', 'gitea'].includes(type)
      ? bad
      : { values: bad, value: bad, isLastPage: true };
    host.server.setFaults(once(() => true, { kind: 'reply', reply: { status: 200, body } }));
    await expect(pullRequests.list(signal)).rejects.toMatchObject({
      code: codes.malformed,
      disposition: 'stalled',
    });
  });

  it('are not asked for at another origin', async () => {
    host.forge.open({ number: 1 });
    const evil = 'http://127.0.0.2:1/steal';
    const isList = ['github', 'gitlab', 'gitea'].includes(type);
    host.server.setFaults(
      once(() => true, {
        kind: 'reply',
        reply: {
          status: 200,
          headers: { link: `<${evil}>; rel="next"` },
          body: isList ? [] : { values: [], value: [], next: evil, isLastPage: true },
        },
      }),
    );
    expect(await pullRequests.list(signal)).toEqual([]);
  });
});

describe.each(hostsUnderTest.filter(({ type }) => type === 'github' || type === 'gitlab'))(
  '$type, which knows ETags',
  ({ type, token, start }) => {
    it('is asked again for every page, and sends none twice', async () => {
      const host = await start();
      for (let number = 1; number <= 150; number += 1) host.forge.open({ number });
      const deps = { clock: createSystemClock(), readToken: () => token };
      const { pullRequests } = gitHostFor(type, host, deps);
      const first = await pullRequests.list(signal);
      const asked = host.server.calls.length;
      expect(await pullRequests.list(signal)).toEqual(first);
      const again = host.server.calls.slice(asked);
      expect(again.map((call) => call.headers['if-none-match'] !== undefined)).toEqual([true, true, true]);
      host.forge.close(3);
      expect((await pullRequests.list(signal)).map(({ number }) => number)).not.toContain(3);
      await host.server.close();
    });
  },
);
