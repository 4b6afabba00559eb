import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostErrorCodes as codes, type StatusReporter } from '../../../src/commit-status/index.ts';
import { createSystemClock } from '../../../src/runtime/index.ts';
import { type HostCall, type HostReply, once } from '../../support/git-host-server.ts';
import type { GitHostStandIn } from '../../support/git-host-stand-in.ts';
import { hostsUnderTest, reporterFor, shaOf, statusOf } from './hosts.ts';

const isPost = (call: HostCall) => call.method === 'POST';
const any = () => true;
const signal = new AbortController().signal;
const reply = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  ({ kind: 'reply', reply: { status, body, headers } satisfies HostReply }) as const;

describe.each(hostsUnderTest)('$type reporter', ({ type, token, start }) => {
  let host: GitHostStandIn;
  let reporter: StatusReporter;
  let current: string;

  const restarted = () => reporterFor(type, host, { clock: createSystemClock(), readToken: () => current });

  beforeEach(async () => {
    host = await start();
    host.addCommit(shaOf(1));
    current = token;
    reporter = restarted();
  });
  afterEach(() => host.server.close());

  it('posts state, text, context and address', async () => {
    await reporter.report(
      statusOf({ state: 'success', description: '40/42 applied and healthy, 2 not connected' }),
      signal,
    );
    expect(host.records(shaOf(1))).toEqual([
      {
        context: 'muster/fleet',
        state: host.wordFor('success'),
        description: '40/42 applied and healthy, 2 not connected',
        targetUrl: 'https://muster.example/r/1111',
      },
    ]);
  });

  it('posts without an address', async () => {
    const { targetUrl: _, ...bare } = statusOf();
    await reporter.report(bare, signal);
    expect(host.records(shaOf(1))[0]?.targetUrl).toBe(host.pageOf(shaOf(1)));
    await restarted().report(bare, signal);
    expect(host.records(shaOf(1))).toHaveLength(1);
  });

  it('writes the same status once, in one run and over a restart', async () => {
    await reporter.report(statusOf(), signal);
    await reporter.report(statusOf(), signal);
    await restarted().report(statusOf(), signal);
    expect(host.records(shaOf(1))).toHaveLength(1);
  });

  it('writes again when only the text of a verdict differs', async () => {
    await reporter.report(statusOf({ state: 'failure', description: '1 failed' }), signal);
    await restarted().report(statusOf({ state: 'failure', description: '2 failed' }), signal);
    expect(host.records(shaOf(1)).map(({ description }) => description)).toEqual(['1 failed', '2 failed']);
  });

  it('neither repeats nor loses a write whose answer was lost', async () => {
    host.server.setFaults(once(isPost, { kind: 'lose-answer' }));
    await expect(reporter.report(statusOf(), signal)).rejects.toMatchObject({ code: codes.unreachable });
    await reporter.report(statusOf(), signal);
    await restarted().report(statusOf(), signal);
    expect(host.records(shaOf(1))).toHaveLength(1);
  });

  it('writes after a request that never arrived', async () => {
    host.server.setFaults(once(isPost, { kind: 'reset' }));
    await expect(reporter.report(statusOf(), signal)).rejects.toMatchObject({ disposition: 'transient' });
    await reporter.report(statusOf(), signal);
    expect(host.records(shaOf(1))).toHaveLength(1);
  });

  it('goes from pending to each verdict', async () => {
    for (const [index, state] of (['success', 'failure', 'error'] as const).entries()) {
      const sha = shaOf(index + 2);
      host.addCommit(sha);
      await reporter.report(statusOf({ sha }), signal);
      await reporter.report(statusOf({ sha, state, description: 'done' }), signal);
      expect(host.records(sha).at(-1)?.state).toBe(host.wordFor(state));
    }
  });

  it('starts anew after a verdict', async () => {
    await reporter.report(statusOf({ state: 'failure', description: '1 failed' }), signal);
    await reporter.report(statusOf({ state: 'pending', description: 'rolling out: 0/2 applied' }), signal);
    await reporter.report(statusOf({ state: 'success', description: '2/2 applied and healthy' }), signal);
    const states = host.records(shaOf(1)).map(({ state }) => state);
    expect(states).toEqual([host.wordFor('failure'), host.wordFor('pending'), host.wordFor('success')]);
  });

  it('keeps quotes, and takes contexts longer than 40 characters', async () => {
    const context = `muster/${'very-long-instance-name'.repeat(3)}/fleet`;
    await reporter.report(statusOf({ context, description: 'a "b" \'c\' <d> & e \\ f' }), signal);
    await restarted().report(statusOf({ context, description: 'a "b" \'c\' <d> & e \\ f' }), signal);
    expect(host.records(shaOf(1), context).map(({ description }) => description)).toEqual([
      'a "b" \'c\' <d> & e \\ f',
    ]);
  });

  it('finds its status among 300 others, on whatever page', async () => {
    for (let index = 0; index < 300; index += 1)
      await reporter.report(statusOf({ context: `muster/tenant-${index}` }), signal);
    const again = restarted();
    for (const index of [0, 150, 299])
      await again.report(statusOf({ context: `muster/tenant-${index}` }), signal);
    expect(host.records(shaOf(1))).toHaveLength(300);
  });

  it('signs in anew once when the token was renewed', async () => {
    await reporter.report(statusOf(), signal);
    host.setToken('renewed-token');
    current = 'renewed-token';
    await reporter.report(statusOf({ state: 'success', description: 'done' }), signal);
    expect(host.records(shaOf(1)).at(-1)?.state).toBe(host.wordFor('success'));
  });

  it('does not try a refused token twice', async () => {
    host.setToken('another-token');
    await expect(reporter.report(statusOf(), signal)).rejects.toMatchObject({
      code: codes.unauthorized,
      disposition: 'stalled',
    });
    expect(host.server.calls).toHaveLength(1);
  });

  it.each([
    [403, codes.forbidden, 'stalled'],
    [404, codes.notFound, 'stalled'],
    [409, codes.conflict, 'transient'],
    [410, codes.forbidden, 'stalled'],
    [422, codes.rejected, 'defect'],
    [429, codes.throttled, 'waiting'],
    [502, codes.unreachable, 'transient'],
    [503, codes.unreachable, 'transient'],
  ])('classifies %i', async (status, code, disposition) => {
    host.server.setFaults(once(isPost, reply(status, { message: 'no' })));
    await expect(reporter.report(statusOf(), signal)).rejects.toMatchObject({ code, disposition });
  });

  it.each([
    ['seconds', '17', 17_000],
    ['a date', new Date(Date.UTC(2030, 0, 1, 0, 1, 30)).toUTCString(), 90_000],
  ])('honours Retry-After as %s, by the clock of the host', async (_kind, value, retryAfterMs) => {
    const headers = { 'retry-after': value, date: new Date(Date.UTC(2030, 0, 1)).toUTCString() };
    host.server.setFaults(once(isPost, reply(429, { message: 'slow down' }, headers)));
    await expect(reporter.report(statusOf(), signal)).rejects.toMatchObject({ retryAfterMs });
  });

  it('does not take a commit that the host lacks for an error of its own', async () => {
    await expect(reporter.report(statusOf({ sha: shaOf(9) }), signal)).rejects.toMatchObject({
      code: codes.notFound,
    });
    host.addCommit(shaOf(9));
    await reporter.report(statusOf({ sha: shaOf(9) }), signal);
    expect(host.records(shaOf(9))).toHaveLength(1);
  });

  it.each([
    ['HTML with 200', reply(200, '<html>Sign in</html>'), codes.unauthorized],
    ['HTML with 203', reply(203, '<html>Sign in</html>'), codes.unauthorized],
    ['a sign-in redirect', reply(302, '', { location: 'https://login.example/' }), codes.unauthorized],
    ['a move to another origin', reply(301, '', { location: 'https://evil.example/' }), codes.redirected],
  ])('treats %s as a refusal', async (_name, fault, code) => {
    host.server.setFaults(once(any, fault));
    await expect(reporter.report(statusOf(), signal)).rejects.toMatchObject({ code, disposition: 'stalled' });
    expect(host.records(shaOf(1))).toHaveLength(0);
  });

  it('follows a move within the origin, keeping the method', async () => {
    host.server.setFaults((call) =>
      call.path.startsWith('/old/') || call.query.has('moved')
        ? undefined
        : {
            kind: 'reply',
            reply: { status: 308, headers: { location: `${call.path}?${call.query}&moved=1` } },
          },
    );
    await reporter.report(statusOf(), signal);
    expect(host.records(shaOf(1))).toHaveLength(1);
  });

  it('stops when it is told to', async () => {
    const abort = new AbortController();
    host.server.setFaults((call) => {
      if (!isPost(call)) return undefined;
      abort.abort();
      return { kind: 'hang' };
    });
    await expect(reporter.report(statusOf(), abort.signal)).rejects.toThrow();
  });

  it('keeps the token out of errors and addresses, even when the host repeats it', async () => {
    const echo = { message: `bad request from ${token}`, errors: [`Bearer ${token}`] };
    const failures: unknown[] = [];
    for (const status of [400, 403, 404, 422, 500]) {
      host.server.setFaults(once(isPost, reply(status, echo)));
      await reporter.report(statusOf(), signal).catch((error: unknown) => failures.push(error));
    }
    expect(failures).toHaveLength(5);
    for (const failure of failures as Error[])
      expect(
        `${failure.message} ${failure.stack} ${JSON.stringify(failure)} ${String(failure.cause)}`,
      ).not.toContain(token);
    for (const call of host.server.calls) expect(`${call.path}?${call.query}`).not.toContain(token);
  });
});
