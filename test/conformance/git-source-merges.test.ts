import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createGitSource, type GitSource, type MergeWant } from '../../src/git-source/index.ts';
import { commitSha } from '../../src/model/index.ts';
import { createSilentLogger, createSystemClock } from '../../src/runtime/index.ts';
import { textOf } from '../support/git-fixture.ts';
import { type GitHttpServer, startGitHttpServer } from '../support/git-http-server.ts';
import { makeRepo, makeTemporaryDir, type TemporaryDir, type TestRepo } from '../support/git-repo.ts';

const adapters = [
  { name: 'a local work tree', transport: 'auto', place: 'work' },
  { name: 'a local repository by the installed git', transport: 'system', place: 'work' },
  { name: 'http', transport: 'auto', place: 'http' },
  { name: 'http by the installed git', transport: 'system', place: 'http' },
] as const;

const never = new AbortController().signal;
const nothingKnown = (): boolean => false;
const lines = (changed: Readonly<Record<number, string>> = {}): string =>
  Array.from({ length: 12 }, (_, index) => `k${index}: ${changed[index] ?? 'old'}\n`).join('');

describe.each(adapters)('merges over $name', ({ transport, place }) => {
  let temporary: TemporaryDir;
  let server: GitHttpServer | undefined;
  let repo: TestRepo;
  let serial = 0;
  let bare = '';

  beforeAll(async () => {
    temporary = makeTemporaryDir();
    if (place === 'http') server = await startGitHttpServer({ root: temporary.path });
  });
  afterAll(async () => {
    await server?.close();
    temporary.remove();
  });
  beforeEach(() => {
    serial += 1;
    bare = join(temporary.path, `fleet-${serial}.git`);
    repo = makeRepo(join(temporary.path, `work-${serial}`), place === 'http' ? bare : undefined);
    repo.commit({ 'fleet.yaml': lines(), 'other.yaml': 'a: 1\n' });
  });

  function open(): GitSource {
    const source = createGitSource(
      {
        repo: server === undefined ? repo.dir : `${server.origin}/fleet-${serial}.git`,
        ...{ ref: 'main', path: '.', transport, timeoutMs: 10_000, worker: false },
        cacheDir: join(temporary.path, `cache-${serial}`),
      },
      { clock: createSystemClock(), logger: createSilentLogger() },
    );
    onTestFinished(() => source.close());
    return source;
  }
  const read = (source: GitSource, want: MergeWant) => source.readMerge(want, nothingKnown, never);

  /** Commits on a branch of its own, as the head of a pull request, and comes back to main. */
  function propose(files: Record<string, string | undefined>, number = 1): string {
    repo.git('checkout', '--quiet', '-b', `change-${number}`);
    const head = repo.commit(files, 'Proposal');
    repo.git('update-ref', `refs/pull/${number}/head`, head);
    repo.git('checkout', '--quiet', 'main');
    return head;
  }
  const tip = () => commitSha(repo.git('rev-parse', 'main'));

  it('a head on top of the branch is read as it is', async () => {
    const head = propose({ 'other.yaml': 'a: 2\n' });
    const merged = await read(open(), { base: tip(), head: commitSha(head) });
    expect(merged.kind === 'merged' && textOf(merged.content, 'other.yaml')).toBe('a: 2\n');
  });

  it('merges files, and lines of one file, that both sides changed', async () => {
    const source = open();
    const head = commitSha(propose({ 'fleet.yaml': lines({ 10: 'head' }), 'new.yaml': 'n: 1\n' }));
    repo.commit({ 'fleet.yaml': lines({ 1: 'main' }), 'other.yaml': undefined });
    await source.read('head', nothingKnown, never);
    const merged = await read(source, { base: tip(), head });
    if (merged.kind !== 'merged') throw new Error('does not merge');
    expect(textOf(merged.content, 'fleet.yaml')).toBe(lines({ 1: 'main', 10: 'head' }));
    expect(merged.content.entries.map(({ path }) => path)).toEqual(['fleet.yaml', 'new.yaml']);
    expect([head, tip()]).not.toContain(merged.content.revision);
    expect(merged.content.commit.subject).toBe('Proposal');
    // The branch is where it was, and the next head merges as well.
    expect(await source.resolve(never)).toBe(tip());
    const other = commitSha(propose({ 'third.yaml': 't: 1\n' }, 2));
    expect((await read(source, { base: tip(), head: other })).kind).toBe('merged');
  });

  it('names the files whose lines both sides changed', async () => {
    const head = commitSha(propose({ 'fleet.yaml': lines({ 5: 'head' }) }));
    repo.commit({ 'fleet.yaml': lines({ 5: 'main' }) });
    expect(await read(open(), { base: tip(), head })).toEqual({ kind: 'conflict', paths: ['fleet.yaml'] });
  });

  it('takes the test merge of the host only where it is of these two', async () => {
    const source = open();
    const head = commitSha(propose({ 'other.yaml': 'a: 3\n' }));
    repo.git('checkout', '--quiet', '--detach', 'main');
    repo.git('merge', '--quiet', '--no-ff', '-m', 'Test merge', head);
    const test = repo.git('rev-parse', 'HEAD');
    repo.git('update-ref', 'refs/pull/1/merge', test);
    repo.git('checkout', '--quiet', 'main');
    const mergeRef = 'refs/pull/1/merge';
    const fits = await read(source, { base: tip(), head, mergeRef });
    expect(fits.kind === 'merged' && fits.content.revision).toBe(test);
    repo.commit({ 'later.yaml': 'l: 1\n' });
    const stale = await read(source, { base: tip(), head, mergeRef });
    if (stale.kind !== 'merged') throw new Error('does not merge');
    expect(stale.content.revision).not.toBe(test);
    expect(textOf(stale.content, 'later.yaml')).toBe('l: 1\n');
    expect(textOf(stale.content, 'other.yaml')).toBe('a: 3\n');
  });

  it('says which commit is not there', async () => {
    const head = commitSha('1'.repeat(40));
    await expect(read(open(), { base: tip(), head })).rejects.toMatchObject({
      code: expect.stringMatching(/^GIT_(COMMIT_MISSING|BAD_REPLY|REF_MISSING)$/),
    });
  });

  it('lists refs by prefix, with the commits that they point at', async () => {
    const head = propose({ 'other.yaml': 'a: 4\n' });
    repo.git('tag', '-a', 'v1', '-m', 'v1', head);
    const source = open();
    expect(await source.listRefs('refs/pull/', never)).toEqual([{ name: 'refs/pull/1/head', commit: head }]);
    expect(await source.listRefs('refs/tags/', never)).toEqual([{ name: 'refs/tags/v1', commit: head }]);
    expect(await source.listRefs('refs/none/', never)).toEqual([]);
  });

  it('tells where a ref points, and that there is none', async () => {
    const source = open();
    expect(await source.peek('refs/heads/main', never)).toBe(tip());
    expect(await source.peek('refs/heads/none', never)).toBeUndefined();
  });
});
