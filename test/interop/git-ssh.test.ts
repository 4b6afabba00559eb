import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { makeGitFixture, textOf } from '../support/git-fixture.ts';
import { git } from '../support/git-repo.ts';
import { type SshServer, startSshServer } from '../support/ssh-server.ts';

const never = new AbortController().signal;
const nothingKnown = (): boolean => false;
const before = process.env.GIT_SSH_COMMAND;

afterEach(() => {
  if (before === undefined) delete process.env.GIT_SSH_COMMAND;
  else process.env.GIT_SSH_COMMAND = before;
});

function use(server: SshServer, options?: { identity?: string; knownHosts?: string }): void {
  process.env.GIT_SSH_COMMAND = server.command(options);
}

describe('Git source over ssh', () => {
  it('polls, reads, follows a rewritten branch and writes notes', async () => {
    await using fixture = await makeGitFixture();
    await using server = await startSshServer(join(fixture.root, 'ssh'));
    use(server);
    const repo = `ssh://${server.user}@127.0.0.1:${server.port}${fixture.bare}`;
    const source = fixture.open({ repo, timeoutMs: 30_000, worker: true });
    const first = await source.read('head', nothingKnown, never);
    expect(textOf(first, 'a.yaml')).toBe('a: 1\n');
    fixture.repo.git('commit', '--quiet', '--amend', '-m', 'Rewritten');
    const sha = fixture.repo.commit({ 'a.yaml': 'a: 2\n' });
    expect(await source.resolve(never)).toBe(sha);
    const second = await source.read('head', new Set(first.blobs.keys()), never);
    expect(textOf(second, 'a.yaml')).toBe('a: 2\n');
    await source.writeNote('refs/notes/muster', second.revision, Buffer.from('{"n":1}'), 'Note', never);
    expect(git(fixture.bare, ['notes', '--ref=muster', 'show', sha])).toBe('{"n":1}');
    expect(source.describe()).not.toContain('@');
  });

  it('tells a refused key, an unknown host and a missing repository apart', async () => {
    await using fixture = await makeGitFixture();
    await using server = await startSshServer(join(fixture.root, 'ssh'));
    const repo = `ssh://${server.user}@127.0.0.1:${server.port}${fixture.bare}`;
    const source = fixture.open({ repo, timeoutMs: 30_000 });
    use(server, { identity: server.strangerKey });
    await expect(source.resolve(never)).rejects.toMatchObject({ code: 'GIT_AUTH' });
    use(server, { knownHosts: '/dev/null' });
    await expect(source.resolve(never)).rejects.toMatchObject({ code: 'GIT_HOST_KEY' });
    use(server);
    await expect(fixture.open({ repo: `${repo}x`, timeoutMs: 30_000 }).resolve(never)).rejects.toMatchObject({
      code: 'GIT_NOT_FOUND',
    });
    await source.resolve(never);
  });

  it('runs no command that a path or a host asks for', async () => {
    await using fixture = await makeGitFixture();
    await using server = await startSshServer(join(fixture.root, 'ssh'));
    use(server);
    const loot = join(fixture.root, 'loot');
    for (const path of [`/x;touch ${loot}`, `/$(touch ${loot})`, `/x'; touch ${loot}; '`]) {
      const repo = `ssh://${server.user}@127.0.0.1:${server.port}${path}`;
      await expect(fixture.open({ repo, timeoutMs: 30_000 }).resolve(never)).rejects.toMatchObject({
        code: expect.stringMatching(/^GIT_/),
      });
    }
    expect(existsSync(loot)).toBe(false);
  });
});
