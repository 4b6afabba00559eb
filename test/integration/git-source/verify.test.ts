import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type GitFixture, makeGitFixture } from '../../support/git-fixture.ts';
import { git, gitBytes } from '../../support/git-repo.ts';
import { createSshSigner, type SshSigner } from '../../support/ssh-signer.ts';

const never = new AbortController().signal;
const nothingKnown = (): boolean => false;

/** Commits, signed by `signer` where there is one, and moves main there. */
function commit(fixture: GitFixture, content: string, signer?: SshSigner): void {
  fixture.repo.commit({ 'a.yaml': content });
  if (signer === undefined) return;
  const signed = signer.sign(gitBytes(fixture.bare, ['cat-file', 'commit', 'main']));
  const sha = git(fixture.bare, ['hash-object', '-w', '-t', 'commit', '--stdin'], signed);
  git(fixture.bare, ['update-ref', 'refs/heads/main', sha]);
}

function setUp(fixture: GitFixture, mode: 'off' | 'head' | 'all') {
  const signer = createSshSigner('ada@example.test');
  const keysFile = join(fixture.root, 'allowed_signers');
  writeFileSync(keysFile, `${signer.allowed}\n`);
  return { signer, keysFile, source: fixture.open({ verify: { mode, keysFile } }) };
}

const unverified = { code: 'GIT_UNVERIFIED', disposition: 'stalled' };

describe('git.verify', () => {
  it('head: reads a revision only if its commit is signed by an allowed key', async () => {
    await using fixture = await makeGitFixture();
    const { signer, source } = setUp(fixture, 'head');
    await expect(source.read('head', nothingKnown, never)).rejects.toMatchObject(unverified);
    commit(fixture, 'a: 2\n', createSshSigner('mallory@example.test'));
    await expect(source.read('head', nothingKnown, never)).rejects.toMatchObject(unverified);
    commit(fixture, 'a: 3\n', signer);
    await source.read('head', nothingKnown, never);
    commit(fixture, 'a: 4\n');
    commit(fixture, 'a: 5\n', signer);
    await source.read('head', nothingKnown, never);
  });

  it('all: also every commit since the last one that was accepted', async () => {
    await using fixture = await makeGitFixture();
    const { signer, source } = setUp(fixture, 'all');
    commit(fixture, 'a: 2\n', signer);
    await source.read('head', nothingKnown, never);
    commit(fixture, 'a: 3\n', signer);
    commit(fixture, 'a: 4\n', signer);
    await source.read('head', nothingKnown, never);
    commit(fixture, 'a: 5\n');
    commit(fixture, 'a: 6\n', signer);
    await expect(source.read('head', nothingKnown, never)).rejects.toMatchObject(unverified);
  });

  it('takes a changed keysFile at the next revision, and refuses all without one', async () => {
    await using fixture = await makeGitFixture();
    const { source, keysFile } = setUp(fixture, 'head');
    const other = createSshSigner('bob@example.test');
    commit(fixture, 'a: 2\n', other);
    await expect(source.read('head', nothingKnown, never)).rejects.toMatchObject(unverified);
    writeFileSync(keysFile, other.allowed);
    await source.read('head', nothingKnown, never);
    const without = fixture.open({ verify: { mode: 'head' }, cacheDir: join(fixture.root, 'other') });
    await expect(without.read('head', nothingKnown, never)).rejects.toMatchObject(unverified);
  });
});
