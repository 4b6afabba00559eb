import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commitSha } from '../../../src/model/index.ts';
import { type GitFixture, makeGitFixture, textOf } from '../../support/git-fixture.ts';
import { git } from '../../support/git-repo.ts';

const never = new AbortController().signal;
const nothingKnown = (): boolean => false;

/** Writes a tree with names that git itself would refuse. */
function writeTree(
  dir: string,
  items: readonly (readonly [mode: string, name: string, oid: string])[],
): string {
  const body = Buffer.concat(
    items.map(([mode, name, oid]) =>
      Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]),
    ),
  );
  return git(dir, ['hash-object', '-w', '-t', 'tree', '--literally', '--stdin'], body);
}

function commitTree({ bare }: GitFixture, tree: string): void {
  git(bare, ['update-ref', 'refs/heads/main', git(bare, ['commit-tree', '-m', 'Hostile', tree])]);
}

const blobOf = ({ bare }: GitFixture, text: string): string =>
  git(bare, ['hash-object', '-w', '--stdin'], text);

describe('34 hostile trees', () => {
  it.each(['builtin', 'system'] as const)(
    'names that point outside are left out, everything else is passed on, %s transport',
    async (transport) => {
      await using fixture = await makeGitFixture();
      const blob = blobOf(fixture, 'x: 1\n');
      const inner = writeTree(fixture.bare, [['100644', 'x.yaml', blob]]);
      const tree = writeTree(fixture.bare, [
        ['40000', '..', inner],
        ['40000', '.', inner],
        ['100644', '../up.yaml', blob],
        ['100644', 'tenants/other/tenant.yaml', blob],
        ['100644', '', blob],
        ['100644', 'back\\slash.yaml', blob],
        ['100644', 'CASE.yaml', blob],
        ['100644', 'case.yaml', blob],
        ['100644', '__proto__', blob],
        ['40000', 'constructor', inner],
      ]);
      commitTree(fixture, tree);
      const { entries } = await fixture
        .open({ transport, repo: fixture.bare })
        .read('head', nothingKnown, never);
      expect(entries.map(({ path }) => path)).toEqual([
        'CASE.yaml',
        '__proto__',
        'back\\slash.yaml',
        'case.yaml',
        'constructor/x.yaml',
      ]);
    },
  );

  it('a tree that unfolds into billions of files is refused in bounded time', async () => {
    await using fixture = await makeGitFixture();
    let tree = writeTree(fixture.bare, [['100644', 'x.yaml', blobOf(fixture, 'x: 1\n')]]);
    for (let level = 0; level < 12; level++) {
      tree = writeTree(
        fixture.bare,
        Array.from({ length: 10 }, (_, at) => ['40000', `d${at}`, tree] as const),
      );
    }
    commitTree(fixture, tree);
    const source = fixture.open({ repo: fixture.bare });
    await expect(source.read('head', nothingKnown, never)).rejects.toMatchObject({ code: 'GIT_TOO_LARGE' });
    fixture.repo.commit({ 'a.yaml': 'a: 2\n' });
    expect(textOf(await source.read('head', nothingKnown, never), 'a.yaml')).toBe('a: 2\n');
  });

  it('a path through a symlink is no folder', async () => {
    await using fixture = await makeGitFixture();
    fixture.repo.commit({ 'real/a.yaml': 'a: 1\n' });
    symlinkSync('real', join(fixture.repo.dir, 'alias'));
    fixture.repo.commit({});
    const source = fixture.open({ path: 'alias' });
    await expect(source.read('head', nothingKnown, never)).rejects.toMatchObject({
      code: 'GIT_PATH_MISSING',
    });
    const outside = fixture.open({ path: '../work' });
    await expect(outside.read('head', nothingKnown, never)).rejects.toMatchObject({
      code: 'GIT_PATH_MISSING',
    });
  });

  it('a branch that points at no commit, and LFS pointers, are what they are', async () => {
    await using fixture = await makeGitFixture();
    const pointer = 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n';
    fixture.repo.commit({ 'big.yaml': pointer });
    const source = fixture.open();
    expect(textOf(await source.read('head', nothingKnown, never), 'big.yaml')).toBe(pointer);
    const blob = commitSha(fixture.repo.git('rev-parse', 'HEAD:big.yaml'));
    await expect(source.read(blob, nothingKnown, never)).rejects.toMatchObject({
      code: expect.stringMatching(/^GIT_(CORRUPT|COMMIT_MISSING)$/),
    });
  });
});
