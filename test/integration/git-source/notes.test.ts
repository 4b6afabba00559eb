import { existsSync, mkdirSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBuiltinRepository } from '../../../src/git-source/builtin/builtin-repository.ts';
import { createGitSource, type GitSource } from '../../../src/git-source/index.ts';
import { findNote, putNote } from '../../../src/git-source/notes.ts';
import { encodeCommit } from '../../../src/git-source/object-format.ts';
import { commitSha, isMusterError } from '../../../src/model/index.ts';
import { createSilentLogger, createSystemClock } from '../../../src/runtime/index.ts';
import { startGitHttpServer } from '../../support/git-http-server.ts';
import {
  fakeCommit,
  git,
  importNotes,
  makeBareRepo,
  makeTemporaryDir,
  type TemporaryDir,
} from '../../support/git-repo.ts';

const ref = 'refs/notes/muster';
const never = new AbortController().signal;
const clock = createSystemClock();

let temporary: TemporaryDir;
let bare: string;
beforeEach(() => {
  temporary = makeTemporaryDir();
  bare = join(temporary.path, 'fleet.git');
  makeBareRepo(bare);
  const tree = git(bare, ['mktree']);
  git(bare, ['update-ref', 'refs/heads/main', git(bare, ['commit-tree', '-m', 'First', tree])]);
});
afterEach(() => temporary.remove());

function open(repo: string, name = 'cache', random = 1): GitSource {
  return createGitSource(
    { repo, ref: 'main', path: '.', cacheDir: join(temporary.path, name), worker: false, timeoutMs: 10_000 },
    { clock, logger: createSilentLogger(), random: () => random },
  );
}

const textOf = (body: Uint8Array | undefined) =>
  body === undefined ? undefined : Buffer.from(body).toString();
const show = (sha: string) => git(bare, ['notes', '--ref=muster', 'show', sha]);
/** What git knows of all notes, by commit. */
function listNotes(): Map<string, string> {
  const lines = git(bare, ['notes', '--ref=muster', 'list']).split('\n').filter(Boolean);
  return new Map(lines.map((line) => [line.slice(41), line.slice(0, 40)]));
}
const fanout = () => git(bare, ['ls-tree', '-d', '--name-only', ref]).split('\n').filter(Boolean).length;

describe.each([0, 10, 300, 5_000])('beside %i notes of git', (count) => {
  it('reads them, replaces one and adds one, and git agrees', async () => {
    const notes = importNotes(bare, ref, count);
    const fannedOut = count > 0 && fanout() > 0;
    expect(fannedOut).toBe(count >= 300);
    const source = open(bare);
    const before = listNotes();
    expect(before.size).toBe(count);

    for (const [sha, body] of [...notes].slice(0, 20)) {
      expect(textOf(await source.readNote(ref, commitSha(sha), never))).toBe(body);
    }
    const added = fakeCommit(count + 1_000_000);
    expect(await source.readNote(ref, commitSha(added), never)).toBeUndefined();
    await source.writeNote(ref, commitSha(added), Buffer.from('{"new":true}'), 'Add', never);
    expect(show(added)).toBe('{"new":true}');
    const [replaced] = notes.keys();
    if (replaced !== undefined) {
      await source.writeNote(ref, commitSha(replaced), Buffer.from('{"at":"again"}'), 'Replace', never);
      expect(show(replaced)).toBe('{"at":"again"}');
      before.delete(replaced);
    }
    const after = listNotes();
    expect(after.size).toBe(count + 1);
    for (const [sha, blob] of before) expect(after.get(sha)).toBe(blob);
    expect(git(bare, ['fsck', '--strict', '--no-dangling', '--no-progress'])).toBe('');
  });
});

describe('notes trees', () => {
  const repository = () => createBuiltinRepository({ gitDir: bare, alternates: [] }, clock);
  async function commitNotes(tree: string): Promise<string> {
    const body = encodeCommit({ tree, parents: [], message: 'n' }, { name: 'a', email: 'b' }, 0);
    const tip = await repository().write({ type: 'commit', body });
    git(bare, ['update-ref', ref, tip]);
    return tip;
  }

  it('are fanned out once flat ones pile up, and stay readable', async () => {
    const store = repository();
    const blob = git(bare, ['hash-object', '-w', '--stdin'], 'old');
    const lines = Array.from({ length: 255 }, (_, at) => `100644 blob ${blob}\t${fakeCommit(at)}`);
    let tree = git(bare, ['mktree'], `${lines.join('\n')}\n`);
    tree = await putNote(store, tree, fakeCommit(255), Buffer.from('note 255'));
    await commitNotes(tree);
    expect(fanout()).toBe(0);
    tree = await putNote(store, tree, fakeCommit(256), Buffer.from('note 256'));
    const tip = await commitNotes(tree);
    expect(fanout()).toBeGreaterThan(100);
    expect(
      git(bare, ['ls-tree', '--name-only', ref])
        .split('\n')
        .every((name) => name.length === 2),
    ).toBe(true);
    expect(listNotes().size).toBe(257);
    expect(show(fakeCommit(255))).toBe('note 255');
    expect(textOf(await findNote(store, tip, fakeCommit(256)))).toBe('note 256');
    expect(textOf(await findNote(store, tip, fakeCommit(0)))).toBe('old');
  });

  it('with a note twice, flat and fanned out, come back with one', async () => {
    const [sha] = importNotes(bare, ref, 300).keys();
    const target = sha ?? '';
    const blob = git(bare, ['hash-object', '-w', '--stdin'], '{"stale":1}');
    const lines = git(bare, ['ls-tree', ref]);
    const tree = git(bare, ['mktree'], `${lines}\n100644 blob ${blob}\t${target}\n`);
    await commitNotes(tree);
    expect(show(target)).toContain('stale');
    await open(bare).writeNote(ref, commitSha(target), Buffer.from('{"only":1}'), 'Repair', never);
    expect(show(target)).toBe('{"only":1}');
  });

  it('keep what is no note', async () => {
    const blob = git(bare, ['hash-object', '-w', '--stdin'], 'read me');
    await commitNotes(git(bare, ['mktree'], `100644 blob ${blob}\tREADME\n`));
    await open(bare).writeNote(ref, commitSha(fakeCommit(1)), Buffer.from('x'), 'Add', never);
    expect(git(bare, ['ls-tree', '--name-only', ref]).split('\n')).toContain('README');
  });

  it('are not committed again for the same note', async () => {
    const source = open(bare);
    const sha = commitSha(fakeCommit(1));
    await source.writeNote(ref, sha, Buffer.from('x'), 'One', never);
    await source.writeNote(ref, sha, Buffer.from('x'), 'Two', never);
    expect(git(bare, ['log', '--format=%s', ref])).toBe('One');
  });
});

describe('races', () => {
  it('of local writers lose no note', async () => {
    const writers = [1, 2, 3].map((at) => open(bare, `cache-${at}`, at / 3));
    await Promise.all(
      writers.map(async (source, at) => {
        const write = () =>
          source.writeNote(ref, commitSha(fakeCommit(at)), Buffer.from(`${at}`), 'Note', never);
        // As the outbox does: a race that was lost five times in a row is tried again later.
        for (let isWritten = false; !isWritten; )
          isWritten = await write().then(
            () => true,
            (error: unknown) => {
              if (!isMusterError(error, 'GIT_NOTE_RACE')) throw error;
              return false;
            },
          );
      }),
    );
    expect(listNotes().size).toBe(3);
  });

  it('wait for a lock of git, take over one of a dead process, and end as GIT_NOTE_RACE', async () => {
    const lock = join(bare, `${ref}.lock`);
    const source = open(bare);
    const sha = commitSha(fakeCommit(1));
    await source.writeNote(ref, sha, Buffer.from('1'), 'One', never);
    writeFileSync(lock, '');
    await expect(source.writeNote(ref, sha, Buffer.from('2'), 'Two', never)).rejects.toMatchObject({
      code: 'GIT_NOTE_RACE',
      disposition: 'transient',
    });
    utimesSync(lock, new Date(), new Date(Date.now() - 120_000));
    await source.writeNote(ref, sha, Buffer.from('3'), 'Three', never);
    expect(show(sha)).toBe('3');
  });

  it('over HTTP are fetched and redone', async () => {
    await using server = await startGitHttpServer({ root: temporary.path });
    importNotes(bare, ref, 300);
    const source = open(`${server.origin}/fleet.git`);
    let rounds = 0;
    server.beforePush = () => {
      if (++rounds <= 2)
        git(bare, ['notes', '--ref=muster', 'add', '-m', `other ${rounds}`, fakeHead(rounds)]);
    };
    const sha = commitSha(fakeCommit(999_999));
    await source.writeNote(ref, sha, Buffer.from('{"mine":1}'), 'Mine', never);
    expect(rounds).toBe(3);
    expect(show(sha)).toBe('{"mine":1}');
    expect(listNotes().size).toBe(303);
    await source.close();
  });

  it('that never end are given up after five pushes', async () => {
    await using server = await startGitHttpServer({ root: temporary.path });
    const source = open(`${server.origin}/fleet.git`);
    let rounds = 0;
    server.beforePush = () => {
      git(bare, ['notes', '--ref=muster', 'add', '--force', '-m', `other ${++rounds}`, 'main']);
    };
    const writing = source.writeNote(ref, commitSha(fakeCommit(7)), Buffer.from('x'), 'Mine', never);
    await expect(writing).rejects.toMatchObject({ code: 'GIT_NOTE_RACE' });
    expect(rounds).toBe(5);
    await source.close();
  });

  /** A commit that exists, as `git notes add` wants one. */
  function fakeHead(round: number): string {
    return git(bare, ['commit-tree', '-m', `Commit ${round}`, git(bare, ['mktree'])]);
  }
});

it('a repository that was moved away is missing, and does not come back as folders', async () => {
  const source = open(bare);
  await source.resolve(never);
  renameSync(bare, `${bare}.away`);
  await expect(
    source.writeNote(ref, commitSha(fakeCommit(7)), Buffer.from('x'), 'Mine', never),
  ).rejects.toMatchObject({ name: 'MusterError' });
  expect(existsSync(bare)).toBe(false);
  await source.close();
});

describe('a host that refuses the push', () => {
  it.each(['builtin', 'system'] as const)(
    'is told by the %s transport with GIT_PUSH_REFUSED',
    async (transport) => {
      await using server = await startGitHttpServer({ root: temporary.path });
      mkdirSync(join(bare, 'hooks'), { recursive: true });
      writeFileSync(join(bare, 'hooks/update'), '#!/bin/sh\ncase "$1" in refs/notes/*) exit 1;; esac\n', {
        mode: 0o755,
      });
      const source = createGitSource(
        {
          repo: `${server.origin}/fleet.git`,
          ref: 'main',
          path: '.',
          cacheDir: join(temporary.path, 'cache'),
          transport,
          worker: false,
        },
        { clock, logger: createSilentLogger() },
      );
      const writing = source.writeNote(ref, commitSha(fakeCommit(7)), Buffer.from('x'), 'Mine', never);
      await expect(writing).rejects.toMatchObject({
        code: 'GIT_PUSH_REFUSED',
        disposition: 'stalled',
        retryAfterMs: 3_600_000,
      });
      await source.close();
    },
  );
});
