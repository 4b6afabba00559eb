import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createGitSource, type GitSource } from '../../src/git-source/index.ts';
import { type BlobId, type CommitSha, commitSha, type RepoContent } from '../../src/model/index.ts';
import { createSilentLogger, createSystemClock } from '../../src/runtime/index.ts';
import { type GitHttpServer, startGitHttpServer } from '../support/git-http-server.ts';
import { git, makeRepo, makeTemporaryDir, type TemporaryDir, type TestRepo } from '../support/git-repo.ts';

type Transport = 'auto' | 'builtin' | 'system';

interface Adapter {
  readonly name: string;
  readonly transport: Transport;
  /** Where the source reads: the author's work tree, a bare repository beside it, or that one over HTTP. */
  readonly place: 'work' | 'bare' | 'http';
}

const adapters: readonly Adapter[] = [
  { name: 'a local work tree', transport: 'auto', place: 'work' },
  { name: 'a local bare repository', transport: 'builtin', place: 'bare' },
  { name: 'http', transport: 'auto', place: 'http' },
  { name: 'http by the installed git', transport: 'system', place: 'http' },
];

const never = new AbortController().signal;
const nothingKnown = (): boolean => false;

function textOf(content: RepoContent, path: string): string | undefined {
  const entry = content.entries.find((candidate) => candidate.path === path);
  const bytes = entry === undefined ? undefined : content.blobs.get(entry.blob);
  return bytes === undefined ? undefined : Buffer.from(bytes).toString('utf8');
}

describe.each(adapters)('Git source over $name', ({ transport, place }) => {
  let temporary: TemporaryDir;
  let repo: TestRepo;
  let bare: string;
  let server: GitHttpServer | undefined;
  let sources: GitSource[];
  let serial = 0;

  beforeAll(async () => {
    temporary = makeTemporaryDir();
    if (place === 'http') {
      server = await startGitHttpServer({ root: temporary.path, credentials: 'robot:s3cret' });
    }
  });
  afterAll(async () => {
    await server?.close();
    temporary.remove();
  });
  beforeEach(() => {
    serial++;
    sources = [];
    bare = join(temporary.path, `bare-${serial}.git`);
    repo = makeRepo(join(temporary.path, `work-${serial}`), place === 'work' ? undefined : bare);
  });
  afterEach(async () => {
    for (const source of sources) await source.close();
  });

  const commit = (files: Record<string, string | Uint8Array | undefined>): CommitSha =>
    commitSha(repo.commit(files));
  /** The repository that the source reads, as a directory. */
  const origin = (): string => (place === 'work' ? repo.dir : bare);

  function open(options: { ref?: string; path?: string } = {}): GitSource {
    const source = createGitSource(
      {
        repo: server === undefined ? origin() : `${server.origin}/bare-${serial}.git`,
        credentials: { username: 'robot', password: 's3cret' },
        ref: options.ref ?? 'main',
        path: options.path ?? '.',
        cacheDir: join(temporary.path, `cache-${serial}-${sources.length}`),
        transport,
        timeoutMs: 10_000,
        worker: false,
      },
      { clock: createSystemClock(), logger: createSilentLogger() },
    );
    sources.push(source);
    return source;
  }

  it('gives every entry, and the bytes of text files', async () => {
    const sha = commit({ 'fleet.yaml': 'kind: Fleet\n', 'tenants/acme/a.yml': 'a: 1\n', 'logo.png': 'png' });
    const content = await open().read('head', nothingKnown, never);
    expect(content).toMatchObject({ revision: sha, ref: 'main', commit: { parents: [], subject: 'Change' } });
    expect(content.commit.author).toBe('Ada <ada@example.test>');
    expect(content.tree).toBe(repo.git('rev-parse', 'HEAD^{tree}'));
    expect(content.entries.map(({ path, type }) => [path, type])).toEqual([
      ['fleet.yaml', 'file'],
      ['logo.png', 'file'],
      ['tenants/acme/a.yml', 'file'],
    ]);
    expect(textOf(content, 'tenants/acme/a.yml')).toBe('a: 1\n');
    expect(textOf(content, 'logo.png')).toBeUndefined();
  });

  it('hands over only blobs that the caller lacks', async () => {
    commit({ 'a.yaml': 'a: 1\n', 'b.yaml': 'b: 1\n' });
    const source = open();
    const first = await source.read('head', nothingKnown, never);
    const sha = commit({ 'b.yaml': 'b: 2\n' });
    expect(await source.resolve(never)).toBe(sha);
    const second = await source.read(sha, new Set(first.blobs.keys()), never);
    expect(second.commit.parents).toEqual([first.revision]);
    expect(second.blobs.size).toBe(1);
    expect(textOf(second, 'b.yaml')).toBe('b: 2\n');
  });

  it('reads an earlier revision again', async () => {
    const first = commit({ 'a.yaml': 'a: 1\n' });
    const source = open();
    await source.read('head', nothingKnown, never);
    commit({ 'a.yaml': 'a: 2\n' });
    await source.read('head', nothingKnown, never);
    expect(textOf(await source.read(first, nothingKnown, never), 'a.yaml')).toBe('a: 1\n');
  });

  it('starts at a folder of the repository', async () => {
    commit({ 'fleets/prod/fleet.yaml': 'kind: Fleet\n', 'other/x.yaml': 'x: 1\n' });
    const content = await open({ path: 'fleets/prod' }).read('head', nothingKnown, never);
    expect(content.entries.map(({ path }) => path)).toEqual(['fleet.yaml']);
    expect(content.tree).toBe(repo.git('rev-parse', 'HEAD:fleets/prod'));
    await expect(open({ path: 'fleets/test' }).read('head', nothingKnown, never)).rejects.toMatchObject({
      code: 'GIT_PATH_MISSING',
    });
  });

  it('lists symlinks and submodules without following them, and odd names as they are', async () => {
    symlinkSync('/etc/passwd', join(repo.dir, 'link.yaml'));
    const inner = commit({ 'a.yaml': 'a: 1\n' });
    writeFileSync(join(repo.dir, 'two\nlines.yaml'), 'x: 1\n');
    writeFileSync(join(repo.dir, 'Näme ✓.yaml'), 'x: 1\n');
    repo.git('update-index', '--add', '--cacheinfo', `160000,${inner},module`);
    repo.git('update-index', '--add', '--cacheinfo', `100644,${repo.git('rev-parse', 'HEAD:a.yaml')},A.yaml`);
    repo.git('add', 'two\nlines.yaml', 'Näme ✓.yaml');
    repo.git('commit', '--quiet', '-m', 'Odd');
    const content = await open().read('head', nothingKnown, never);
    expect(Object.fromEntries(content.entries.map(({ path, type }) => [path, type]))).toEqual({
      'A.yaml': 'file',
      'Näme ✓.yaml': 'file',
      'a.yaml': 'file',
      'link.yaml': 'symlink',
      module: 'submodule',
      'two\nlines.yaml': 'file',
    });
    expect(textOf(content, 'link.yaml')).toBeUndefined();
  });

  it('hands over files of 1 MiB, and of larger ones only the size', async () => {
    commit({ 'max.yaml': 'x'.repeat(1024 * 1024), 'over.yaml': 'y'.repeat(1024 * 1024 + 1) });
    const content = await open().read('head', nothingKnown, never);
    const over = content.entries.find(({ path }) => path === 'over.yaml');
    expect(over?.size).toBe(1024 * 1024 + 1);
    expect(content.blobs.has(over?.blob as BlobId)).toBe(false);
    expect(textOf(content, 'max.yaml')).toHaveLength(1024 * 1024);
  });

  it('follows a branch that is rewritten', async () => {
    commit({ 'a.yaml': 'a: 1\n' });
    const source = open();
    await source.read('head', nothingKnown, never);
    repo.git('checkout', '--quiet', '--orphan', 'again');
    repo.commit({ 'a.yaml': 'a: 9\n' });
    repo.git('branch', '--force', 'main');
    expect(textOf(await source.read('head', nothingKnown, never), 'a.yaml')).toBe('a: 9\n');
  });

  it('follows a tag, annotated and moved', async () => {
    const first = commit({ 'a.yaml': 'a: 1\n' });
    repo.git('tag', '-a', '-m', 'One', 'live');
    const source = open({ ref: 'live' });
    expect(await source.resolve(never)).toBe(first);
    const second = commit({ 'a.yaml': 'a: 2\n' });
    repo.git('tag', '--force', '-a', '-m', 'Two', 'live');
    expect((await source.read('head', nothingKnown, never)).revision).toBe(second);
  });

  it('prefers a branch to a tag of the same name, and takes full names', async () => {
    const first = commit({ 'a.yaml': 'a: 1\n' });
    repo.git('tag', 'main');
    const second = commit({ 'a.yaml': 'a: 2\n' });
    expect(await open().resolve(never)).toBe(second);
    expect(await open({ ref: 'refs/tags/main' }).resolve(never)).toBe(first);
  });

  it('tells a missing branch from an empty repository, and goes on when the branch is back', async () => {
    const source = open();
    await expect(source.resolve(never)).rejects.toMatchObject({ code: 'GIT_REPO_EMPTY' });
    const sha = commit({ 'a.yaml': 'a: 1\n' });
    expect(await source.resolve(never)).toBe(sha);
    await expect(open({ ref: 'production' }).resolve(never)).rejects.toMatchObject({
      code: 'GIT_REF_MISSING',
      message: expect.stringContaining('main'),
    });
    git(origin(), ['update-ref', 'refs/heads/other', sha]);
    git(origin(), ['update-ref', '-d', 'refs/heads/main']);
    await expect(source.resolve(never)).rejects.toMatchObject({ code: 'GIT_REF_MISSING' });
    git(origin(), ['update-ref', 'refs/heads/main', sha]);
    expect(await source.resolve(never)).toBe(sha);
  });

  it('rejects a commit that the repository does not have', async () => {
    commit({ 'a.yaml': 'a: 1\n' });
    const missing = commitSha('1234567890123456789012345678901234567890');
    await expect(open().read(missing, nothingKnown, never)).rejects.toMatchObject({
      code: 'GIT_COMMIT_MISSING',
    });
  });

  it('writes, replaces and reads notes that git shows', async () => {
    const sha = commit({ 'a.yaml': 'a: 1\n' });
    const source = open();
    const ref = 'refs/notes/muster';
    expect(await source.readNote(ref, sha, never)).toBeUndefined();
    await source.writeNote(ref, sha, Buffer.from('{"n":1}'), 'First', never);
    await source.writeNote(ref, sha, Buffer.from('{"n":2}'), 'Second', never);
    expect(git(origin(), ['notes', '--ref=muster', 'show', sha])).toBe('{"n":2}');
    expect(git(origin(), ['log', '--format=%s', ref])).toBe('Second\nFirst');
    git(origin(), ['notes', '--ref=muster', 'add', '--force', '-m', 'by hand', sha]);
    expect(Buffer.from((await source.readNote(ref, sha, never)) ?? []).toString()).toBe('by hand\n');
  });

  it('does not move the branch, the index or the work tree with a note', async () => {
    const sha = commit({ 'a.yaml': 'a: 1\n' });
    const source = open();
    await source.read('head', nothingKnown, never);
    await source.writeNote('refs/notes/muster', sha, Buffer.from('{}'), 'Note', never);
    expect(await source.resolve(never)).toBe(sha);
    expect(repo.git('status', '--porcelain')).toBe('');
    expect(git(origin(), ['for-each-ref', '--format=%(refname)'])).toBe('refs/heads/main\nrefs/notes/muster');
    expect(git(origin(), ['fsck', '--strict', '--no-dangling'])).toBe('');
  });

  it('redoes a note when another writer was faster', async () => {
    const sha = commit({ 'a.yaml': 'a: 1\n' });
    const [one, two] = [open(), open()];
    await Promise.all([one.read('head', nothingKnown, never), two.resolve(never)]);
    const other = commit({ 'a.yaml': 'a: 2\n' });
    const ref = 'refs/notes/muster';
    await Promise.all([
      one.writeNote(ref, sha, Buffer.from('one'), 'One', never),
      two.writeNote(ref, other, Buffer.from('two'), 'Two', never),
    ]);
    expect(git(origin(), ['notes', '--ref=muster', 'show', sha])).toBe('one');
    expect(git(origin(), ['notes', '--ref=muster', 'show', other])).toBe('two');
  });

  it('ends a call when its signal fires', async () => {
    commit({ 'a.yaml': 'a: 1\n' });
    const controller = new AbortController();
    const reading = open().read('head', nothingKnown, controller.signal);
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toThrow('enough');
  });
});
