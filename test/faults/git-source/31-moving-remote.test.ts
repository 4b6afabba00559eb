import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitSha } from '../../../src/model/index.ts';
import { makeGitFixture, textOf } from '../../support/git-fixture.ts';
import { makeBareRepo } from '../../support/git-repo.ts';

const never = new AbortController().signal;
const nothingKnown = (): boolean => false;

describe('31 moving remote', () => {
  it('a repository that is made anew under the same URL is followed', async () => {
    await using fixture = await makeGitFixture();
    const source = fixture.open();
    await source.read('head', nothingKnown, never);
    rmSync(fixture.bare, { recursive: true });
    await expect(source.resolve(never)).rejects.toMatchObject({ code: 'GIT_NOT_FOUND' });
    makeBareRepo(fixture.bare);
    await expect(source.resolve(never)).rejects.toMatchObject({ code: 'GIT_REPO_EMPTY' });
    fixture.repo.commit({ 'a.yaml': 'a: new\n' });
    expect(textOf(await source.read('head', nothingKnown, never), 'a.yaml')).toBe('a: new\n');
  });

  it.each(['builtin', 'system'] as const)(
    'a commit that was rewritten away before it could be fetched is told, %s transport',
    async (transport) => {
      await using fixture = await makeGitFixture({ protocolV2: false });
      const source = fixture.open({ transport });
      await source.read('head', nothingKnown, never);
      const lost = commitSha(fixture.repo.commit({ 'a.yaml': 'a: lost\n' }));
      fixture.repo.git('reset', '--quiet', '--hard', 'HEAD~1');
      fixture.repo.commit({ 'a.yaml': 'a: kept\n' });
      await expect(source.read(lost, nothingKnown, never)).rejects.toMatchObject({
        code: 'GIT_COMMIT_MISSING',
      });
      expect(textOf(await source.read('head', nothingKnown, never), 'a.yaml')).toBe('a: kept\n');
    },
  );

  it('a remote with a damaged object keeps what is here, and goes on when it is mended', async () => {
    await using fixture = await makeGitFixture();
    const source = fixture.open();
    const before = await source.read('head', nothingKnown, never);
    fixture.repo.commit({ 'a.yaml': 'a: 2\n' });
    const blob = fixture.repo.git('rev-parse', 'HEAD:a.yaml');
    const object = join(fixture.bare, 'objects', blob.slice(0, 2), blob.slice(2));
    const whole = readFileSync(object);
    chmodSync(object, 0o644);
    writeFileSync(object, whole.subarray(0, 5));
    const broken = await source
      .read('head', nothingKnown, never)
      .catch((error: { code: string }) => error.code);
    expect(broken).toMatch(/^GIT_(UNREACHABLE|BAD_REPLY|CORRUPT|COMMIT_MISSING)$/);
    expect(textOf(await source.read(before.revision, nothingKnown, never), 'a.yaml')).toBe('a: 1\n');
    writeFileSync(object, whole);
    expect(textOf(await source.read('head', nothingKnown, never), 'a.yaml')).toBe('a: 2\n');
  });
});
