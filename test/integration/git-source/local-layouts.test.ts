import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGitSource, type GitSource, type GitSourceOptions } from '../../../src/git-source/index.ts';
import { createSystemClock, type Logger } from '../../../src/runtime/index.ts';
import { createRecordingLogger, textOf } from '../../support/git-fixture.ts';
import { git, makeRepo, makeTemporaryDir, type TemporaryDir } from '../../support/git-repo.ts';

const never = new AbortController().signal;
const nothingKnown = (): boolean => false;

let temporary: TemporaryDir;
let sources: GitSource[];
beforeEach(() => {
  temporary = makeTemporaryDir();
  sources = [];
});
afterEach(async () => {
  for (const source of sources) await source.close();
  temporary.remove();
});

function open(
  repo: string,
  changes: Partial<GitSourceOptions> = {},
  logger: Logger = createRecordingLogger([]),
) {
  const cacheDir = join(temporary.path, 'cache');
  const source = createGitSource(
    { repo, ref: 'main', path: '.', cacheDir, worker: false, timeoutMs: 10_000, ...changes },
    { clock: createSystemClock(), logger },
  );
  sources.push(source);
  return source;
}

describe('local repositories', () => {
  it('are read in a linked worktree, from borrowed objects and packed refs', async () => {
    const repo = makeRepo(join(temporary.path, 'main'));
    repo.commit({ 'a.yaml': 'a: 1\n' });
    repo.git('worktree', 'add', '--quiet', '-b', 'side', join(temporary.path, 'linked'));
    git(temporary.path, ['clone', '--quiet', '--shared', 'main', 'borrower']);
    repo.git('pack-refs', '--all');
    repo.git('repack', '-adq');
    for (const name of ['linked', 'borrower', 'main']) {
      const content = await open(join(temporary.path, name)).read('head', nothingKnown, never);
      expect([name, textOf(content, 'a.yaml')]).toEqual([name, 'a: 1\n']);
    }
  });

  it('stay readable while git packs and prunes them', async () => {
    const repo = makeRepo(join(temporary.path, 'main'));
    repo.commit({ 'a.yaml': 'a: 1\n' });
    const source = open(repo.dir);
    for (let round = 2; round <= 4; round++) {
      repo.commit({ 'a.yaml': `a: ${round}\n` });
      repo.git('gc', '--quiet', '--prune=now');
      const content = await source.read('head', nothingKnown, never);
      expect(textOf(content, 'a.yaml')).toBe(`a: ${round}\n`);
    }
  });

  it('show commits, not what is uncommitted or staged', async () => {
    const repo = makeRepo(join(temporary.path, 'main'));
    repo.commit({ 'a.yaml': 'a: 1\n' });
    writeFileSync(join(repo.dir, 'a.yaml'), 'a: draft\n');
    writeFileSync(join(repo.dir, 'b.yaml'), 'b: draft\n');
    repo.git('add', '.');
    const content = await open(repo.dir).read('head', nothingKnown, never);
    expect(content.entries).toHaveLength(1);
    expect(textOf(content, 'a.yaml')).toBe('a: 1\n');
  });

  it('with SHA-256 names are left to the installed git', async () => {
    const dir = join(temporary.path, 'sha256');
    git('/', ['init', '--quiet', '--initial-branch=main', '--object-format=sha256', dir]);
    writeFileSync(join(dir, 'a.yaml'), 'a: 1\n');
    git(dir, ['add', '.']);
    git(dir, ['commit', '--quiet', '-m', 'First']);
    const content = await open(dir).read('head', nothingKnown, never);
    expect(content.revision).toHaveLength(64);
    expect(textOf(content, 'a.yaml')).toBe('a: 1\n');
    await open(dir).writeNote('refs/notes/muster', content.revision, Buffer.from('x'), 'Note', never);
    expect(git(dir, ['notes', '--ref=muster', 'show'])).toBe('x');
    await expect(open(dir, { transport: 'builtin' }).resolve(never)).rejects.toMatchObject({
      code: 'GIT_REPO_UNSUPPORTED',
    });
  });

  it('that are none, or a folder inside one, are told', async () => {
    const repo = makeRepo(join(temporary.path, 'main'));
    repo.commit({ 'sub/a.yaml': 'a: 1\n' });
    for (const dir of [join(repo.dir, 'sub'), join(temporary.path, 'absent')]) {
      await expect(open(dir).resolve(never)).rejects.toMatchObject({ code: 'GIT_NOT_A_REPOSITORY' });
    }
    mkdirSync(join(temporary.path, 'later'));
    const late = open(join(temporary.path, 'later'));
    await expect(late.resolve(never)).rejects.toMatchObject({ code: 'GIT_NOT_A_REPOSITORY' });
    const sha = makeRepo(join(temporary.path, 'later')).commit({ 'a.yaml': 'a: 1\n' });
    expect(await late.resolve(never)).toBe(sha);
  });
});

describe('a source', () => {
  it('whose folder cannot be written says GIT_DISK', async () => {
    writeFileSync(join(temporary.path, 'file'), '');
    const source = open('http://127.0.0.1:9/x.git', { cacheDir: join(temporary.path, 'file/cache') });
    const commit = '1'.repeat(40) as never;
    await expect(source.read(commit, nothingKnown, never)).rejects.toMatchObject({ code: 'GIT_DISK' });
  });

  it('warns of credentials in plain text, without naming them', () => {
    const lines: string[] = [];
    open('http://robot:canary@git.example.test/x.git', {}, createRecordingLogger(lines));
    expect(lines.join()).toContain('plain text');
    expect(lines.join()).not.toContain('canary');
  });
});
