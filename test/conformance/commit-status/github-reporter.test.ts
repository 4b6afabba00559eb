import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import {
  hostErrorCodes as codes,
  createGitHost,
  type StatusReporter,
} from '../../../src/commit-status/index.ts';
import { createSystemClock } from '../../../src/runtime/index.ts';
import { type GithubStandIn, type GithubStandInOptions, startGithub } from '../../support/git-host-github.ts';
import { once } from '../../support/git-host-server.ts';
import { reporterFor, shaOf, statusOf } from './hosts.ts';

const signal = new AbortController().signal;
const keys = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
let host: GithubStandIn;

afterEach(() => host.server.close());

async function start(options: GithubStandInOptions = {}): Promise<StatusReporter> {
  host = await startGithub(options);
  host.addCommit(shaOf(1));
  return reporterFor('github', host, { clock: createSystemClock(), readToken: () => 'gh-token' });
}

function refuseOnce(status: number, body: unknown, headers: Record<string, string> = {}): void {
  host.server.setFaults(
    once((call) => call.method === 'POST', { kind: 'reply', reply: { status, body, headers } }),
  );
}

describe('GitHub limits', () => {
  it.each([
    ['the secondary limit with retry-after', 403, { 'retry-after': '60' }, 60_000],
    ['the secondary limit without it', 403, {}, undefined],
    ['a rejection for abuse', 403, {}, undefined],
    ['429', 429, { 'retry-after': '5' }, 5_000],
  ])('waits at %s', async (_name, status, headers, retryAfterMs) => {
    const reporter = await start();
    refuseOnce(status, { message: 'You have exceeded a secondary rate limit. Please wait.' }, headers);
    const error = await reporter.report(statusOf(), signal).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: codes.throttled, disposition: 'waiting', retryAfterMs });
  });

  it('waits for the reset of a spent limit, counted by the clock of the host', async () => {
    const reporter = await start();
    const now = Date.UTC(2031, 4, 1);
    const headers = {
      date: new Date(now).toUTCString(),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(now / 1000 + 1234),
    };
    refuseOnce(403, { message: 'API rate limit exceeded' }, headers);
    await expect(reporter.report(statusOf(), signal)).rejects.toMatchObject({
      code: codes.throttled,
      retryAfterMs: 1_234_000,
    });
  });

  it('tells a missing permission from throttling', async () => {
    const reporter = await start();
    refuseOnce(403, { message: 'Resource not accessible by integration' });
    await expect(reporter.report(statusOf(), signal)).rejects.toMatchObject({ code: codes.forbidden });
  });

  it('says when a commit can take no more statuses', async () => {
    const reporter = await start({ maxRecords: 2 });
    for (const description of ['a', 'b']) await reporter.report(statusOf({ description }), signal);
    await expect(reporter.report(statusOf({ description: 'c' }), signal)).rejects.toMatchObject({
      code: codes.full,
    });
  });

  it('refuses what is too long as a defect of ours', async () => {
    const reporter = await start();
    await expect(reporter.report(statusOf({ description: 'x'.repeat(141) }), signal)).rejects.toMatchObject({
      code: codes.rejected,
      disposition: 'defect',
    });
  });

  it('takes 401 with the anonymous limit for a fault of the host', async () => {
    const reporter = await start();
    refuseOnce(401, { message: 'Bad credentials' }, { 'x-ratelimit-limit': '60' });
    await expect(reporter.report(statusOf(), signal)).rejects.toMatchObject({ disposition: 'transient' });
  });

  it('does not follow a next page to another origin', async () => {
    const reporter = await start();
    const link = '<http://127.0.0.2:1/steal>; rel="next"';
    host.server.setFaults(
      once(() => true, { kind: 'reply', reply: { status: 200, headers: { link }, body: { statuses: [] } } }),
    );
    await reporter.report(statusOf(), signal);
    expect(host.records(shaOf(1))).toHaveLength(1);
  });

  it('compares contexts without case', async () => {
    await (await start()).report(statusOf({ context: 'muster/Fleet' }), signal);
    const again = reporterFor('github', host, { clock: createSystemClock(), readToken: () => 'gh-token' });
    await again.report(statusOf({ context: 'muster/fleet' }), signal);
    expect(host.records(shaOf(1))).toHaveLength(1);
  });
});

describe('GitHub App', () => {
  const gitHostAsApp = (privateKey = keys.privateKey) => {
    const gitHost = createGitHost(
      { clock: createSystemClock() },
      {
        host: { type: 'github', apiUrl: host.apiUrl, repo: host.repo },
        credential: { kind: 'github-app', appId: '12345', privateKey },
        branch: 'main',
      },
    );
    if (!gitHost) throw new Error('no host');
    return gitHost;
  };
  const asApp = (privateKey?: string) => gitHostAsApp(privateKey).statuses;

  it('mints one token for one repository, and keeps it', async () => {
    await start({ app: { publicKey: keys.publicKey } });
    const reporter = asApp();
    await reporter.report(statusOf(), signal);
    await reporter.report(statusOf({ state: 'success', description: 'done' }), signal);
    expect(host.minted).toHaveLength(1);
    expect(host.records(shaOf(1))).toHaveLength(2);
  });

  it('mints once more after a 401', async () => {
    await start({ app: { publicKey: keys.publicKey } });
    const reporter = asApp();
    await reporter.report(statusOf(), signal);
    host.revokeTokens();
    await reporter.report(statusOf({ state: 'success', description: 'done' }), signal);
    expect(host.minted).toHaveLength(2);
  });

  it.each([-3600, 3600])('signs by the clock of the host when ours is off by %i s', async (skewSeconds) => {
    await start({ app: { publicKey: keys.publicKey, skewSeconds } });
    await asApp().report(statusOf(), signal);
    expect(host.records(shaOf(1))).toHaveLength(1);
  });

  it('may write pull requests too, and statuses still where it was given no more', async () => {
    await start({ app: { publicKey: keys.publicKey } });
    await asApp().report(statusOf(), signal);
    const asked = () => host.server.calls.flatMap(({ body }) => (body.permissions ? [body.permissions] : []));
    expect(asked()).toEqual([{ statuses: 'write', pull_requests: 'write' }]);
    await host.server.close();
    await start({ app: { publicKey: keys.publicKey, statusesOnly: true } });
    await asApp().report(statusOf(), signal);
    expect(asked()).toEqual([{ statuses: 'write', pull_requests: 'write' }, { statuses: 'write' }]);
    expect(host.records(shaOf(1))).toHaveLength(1);
  });

  it('knows its own comments by the app, whoever its bot is named like', async () => {
    await start({ app: { publicKey: keys.publicKey } });
    host.forge.open({ number: 7 });
    host.forge.addComment(7, '[muster-marker]: # (plan:x)\n\npasted', false);
    const upsert = (markdown: string) =>
      gitHostAsApp().comments.upsert({ pullRequest: 7, marker: 'plan:x', markdown }, signal);
    await upsert('one');
    await upsert('two');
    expect(host.forge.comments(7).map(({ body }) => body)).toEqual([
      '[muster-marker]: # (plan:x)\n\npasted',
      '[muster-marker]: # (plan:x)\n\ntwo',
    ]);
  });

  it('stalls, without a word of the key, when the key cannot sign', async () => {
    await start({ app: { publicKey: keys.publicKey } });
    const broken = '-----BEGIN PRIVATE KEY-----\nc2VjcmV0LWNhbmFyeQ==\n-----END PRIVATE KEY-----';
    const error = await asApp(broken)
      .report(statusOf(), signal)
      .catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: codes.unauthorized });
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('c2VjcmV0');
  });

  it('stalls when the app is not known there', async () => {
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey;
    await start({ app: { publicKey: other.export({ type: 'spki', format: 'pem' }).toString() } });
    await expect(asApp().report(statusOf(), signal)).rejects.toMatchObject({ code: codes.unauthorized });
    expect(host.server.calls).toHaveLength(1);
  });
});
