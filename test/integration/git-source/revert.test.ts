import { describe, expect, it } from 'vitest';
import { commitSha } from '../../../src/model/index.ts';
import { makeGitFixture } from '../../support/git-fixture.ts';

const never = new AbortController().signal;
const branch = 'muster/revert-1a2b3c4';
const want = (sha: string) => ({ sha: commitSha(sha), branch, message: 'Revert it\n\nThis reverts it.\n' });

describe.each(['builtin', 'system'] as const)('a revert pushed by the %s transport', (transport) => {
  it('is one commit on top of the bad one, merges past what came later, and is pushed once', async () => {
    await using fixture = await makeGitFixture();
    const { repo } = fixture;
    const good = repo.commit({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' }, 'Good');
    const bad = repo.commit({ 'a.yaml': 'a: 2\n', 'new.yaml': 'c: 1\n' }, 'Bad');
    const later = repo.commit({ 'b.yaml': 'b: 2\n' }, 'Later');
    const source = fixture.open({ transport });
    expect(await source.pushRevert(want(bad), never)).toBe('pushed');
    expect(repo.git('rev-parse', `${branch}^`)).toBe(bad);
    expect(repo.git('rev-parse', `${branch}^{tree}`)).toBe(repo.git('rev-parse', `${good}^{tree}`));
    expect(repo.git('log', '-1', '--format=%B', branch)).toBe('Revert it\n\nThis reverts it.');
    expect(repo.git('rev-parse', 'main')).toBe(later);
    repo.git('merge', '--quiet', '-m', 'Merge', branch);
    expect(repo.git('show', 'HEAD:a.yaml')).toBe('a: 1');
    expect(repo.git('show', 'HEAD:b.yaml')).toBe('b: 2');
    expect(repo.git('ls-tree', '--name-only', 'HEAD', 'new.yaml')).toBe('');

    const tip = repo.git('rev-parse', branch);
    expect(await source.pushRevert(want(bad), never)).toBe('exists');
    expect(await source.pushRevert(want(later), never)).toBe('exists');
    expect(repo.git('rev-parse', branch)).toBe(tip);
    await source.close();
  });

  it('needs something to go back to', async () => {
    await using fixture = await makeGitFixture();
    const source = fixture.open({ transport });
    const [root = ''] = fixture.repo.git('rev-list', '--max-parents=0', 'HEAD').split('\n');
    expect(await source.pushRevert(want(root), never)).toBe('root');
    expect(fixture.repo.git('branch', '--list', branch)).toBe('');
    await source.close();
  });
});
