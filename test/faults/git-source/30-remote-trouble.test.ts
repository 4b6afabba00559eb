import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { commitSha, type MusterError } from '../../../src/model/index.ts';
import { makeGitFixture, textOf } from '../../support/git-fixture.ts';
import type { GitFault } from '../../support/git-http-server.ts';

const never = new AbortController().signal;
const nothingKnown = (): boolean => false;
const credentials = { username: 'robot', password: 'canary-7f3a9' };
const encoded = Buffer.from('robot:canary-7f3a9').toString('base64');

/** Each fault with the code it must give; the installed git words some of them in its own way. */
const faults: readonly (readonly [GitFault, string, string?])[] = [
  ['unauthorized', 'GIT_AUTH'],
  ['forbidden', 'GIT_FORBIDDEN'],
  ['not-found', 'GIT_NOT_FOUND'],
  ['throttled', 'GIT_THROTTLED'],
  ['server-error', 'GIT_UNREACHABLE'],
  ['sign-in-page', 'GIT_AUTH', 'GIT_REPO_EMPTY'],
  ['garbage', 'GIT_BAD_REPLY'],
  ['redirect-loop', 'GIT_REDIRECT_REFUSED'],
  ['redirect-elsewhere', 'GIT_REDIRECT_REFUSED'],
  ['hang', 'GIT_TIMEOUT'],
];
const duringTransfer: readonly (readonly [GitFault, RegExp])[] = [
  ['hang-mid-pack', /^GIT_TIMEOUT$/],
  ['cut-mid-pack', /^GIT_(UNREACHABLE|BAD_REPLY|CORRUPT)$/],
];

async function failure(work: Promise<unknown>): Promise<MusterError> {
  const error: unknown = await work.then(
    () => new Error('it did not fail'),
    (reason: unknown) => reason,
  );
  return error as MusterError;
}

describe.each(['builtin', 'system'] as const)('30 remote trouble, %s transport', (transport) => {
  it('every fault has its code, leaks no credential, and is over when the remote is well', async () => {
    await using fixture = await makeGitFixture({ credentials: 'robot:canary-7f3a9' });
    const { server } = fixture;
    const source = fixture.open({ transport, credentials, timeoutMs: 1_500 });
    const before = await source.read('head', nothingKnown, never);
    for (const [fault, code, systemCode = code] of faults) {
      server.fault = fault;
      server.requests.length = 0;
      const error = await failure(source.resolve(never));
      expect([fault, error.code]).toEqual([fault, transport === 'builtin' ? code : systemCode]);
      expect(error.hint).toBeTruthy();
      expect(server.requests.length).toBeLessThanOrEqual(6);
      expect(`${error.message}${error.stack}${error.hint}`).not.toMatch(new RegExp(`canary|${encoded}`));
      server.fault = 'none';
      expect([fault, await source.resolve(never)]).toEqual([fault, before.revision]);
    }
    const sha = fixture.repo.commit({ 'a.yaml': 'a: 2\n' });
    expect(textOf(await source.read('head', nothingKnown, never), 'a.yaml')).toBe('a: 2\n');
    expect(await source.resolve(never)).toBe(sha);
    expect(fixture.logged.join('\n')).not.toMatch(new RegExp(`canary|${encoded}`));
  });

  it.each(duringTransfer)('%s leaves what is here readable, and recovers', async (fault, code) => {
    await using fixture = await makeGitFixture();
    const { server } = fixture;
    const source = fixture.open({ transport, timeoutMs: fault === 'hang-mid-pack' ? 200 : 10_000 });
    const head = commitSha(fixture.repo.git('rev-parse', 'main'));
    server.fault = fault;
    expect((await failure(source.read(head, nothingKnown, never))).code).toMatch(code);
    server.fault = 'none';
    const calm = fixture.open({ transport });
    expect(textOf(await calm.read('head', nothingKnown, never), 'a.yaml')).toBe('a: 1\n');
  });

  it('a 401 is not tried again within a call', async () => {
    await using fixture = await makeGitFixture({ credentials: 'robot:other' });
    const source = fixture.open({ transport, credentials });
    expect((await failure(source.resolve(never))).code).toBe('GIT_AUTH');
    // git itself asks once more when its first answer was refused.
    expect(fixture.server.requests.length).toBeLessThanOrEqual(transport === 'builtin' ? 1 : 2);
  });

  it('a host that is not there or speaks no TLS is told apart', async () => {
    await using fixture = await makeGitFixture();
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, 'close');
    const absent = fixture.open({ transport, repo: `http://127.0.0.1:${port}/x.git` });
    expect((await failure(absent.resolve(never))).code).toBe('GIT_UNREACHABLE');
    const plain = fixture.server.origin.replace('http:', 'https:');
    const untrusted = fixture.open({ transport, repo: `${plain}/fleet.git` });
    expect((await failure(untrusted.resolve(never))).code).toBe('GIT_TLS');
  });
});

describe('30 credentials', () => {
  it('go only to the host of the URL, whether set apart or inside it', async () => {
    await using fixture = await makeGitFixture({ credentials: 'robot:canary-7f3a9' });
    const inside = fixture.server.origin.replace('//', '//robot:canary-7f3a9@');
    const source = fixture.open({ repo: `${inside}/fleet.git` });
    await source.read('head', nothingKnown, never);
    expect(source.describe()).toBe(`${fixture.server.origin}/fleet.git`);
    expect(fixture.server.requests.every(({ authorization }) => authorization === `Basic ${encoded}`)).toBe(
      true,
    );
    expect(fixture.server.requests.every(({ url }) => !url.includes('canary'))).toBe(true);
  });

  it('that are renewed reach the next call', async () => {
    await using fixture = await makeGitFixture({ credentials: 'robot:new' });
    let password = 'old';
    const source = fixture.open({ credentials: () => Promise.resolve({ username: 'robot', password }) });
    expect((await failure(source.resolve(never))).code).toBe('GIT_AUTH');
    password = 'new';
    await source.resolve(never);
  });
});

describe('30 redirects', () => {
  it('within the host are followed, and the transfer goes to the new place', async () => {
    await using fixture = await makeGitFixture();
    const source = fixture.open({ repo: `${fixture.server.origin}/moved/fleet.git` });
    expect(textOf(await source.read('head', nothingKnown, never), 'a.yaml')).toBe('a: 1\n');
  });
});

describe('30 polls', () => {
  it('without a change are one request', async () => {
    await using fixture = await makeGitFixture();
    const source = fixture.open();
    const { revision } = await source.read('head', nothingKnown, never);
    fixture.server.requests.length = 0;
    for (let poll = 1; poll <= 3; poll++) {
      expect(await source.resolve(never)).toBe(revision);
      expect(fixture.server.requests).toHaveLength(poll);
    }
  });

  it('of a server without protocol v2 are one request too', async () => {
    await using fixture = await makeGitFixture({ protocolV2: false });
    const source = fixture.open();
    const { revision } = await source.read('head', nothingKnown, never);
    fixture.server.requests.length = 0;
    expect(await source.resolve(never)).toBe(revision);
    expect(fixture.server.requests).toHaveLength(1);
  });
});
