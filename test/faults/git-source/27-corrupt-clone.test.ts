import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type GitFixture, makeGitFixture, textOf } from '../../support/git-fixture.ts';
import { makeRepo } from '../../support/git-repo.ts';

const never = new AbortController().signal;
const nothingKnown = (): boolean => false;

function cloneDir({ cacheDir }: GitFixture): string {
  return join(cacheDir, readFileSync(join(cacheDir, 'current'), 'utf8'));
}

function packFile(fixture: GitFixture, ending: string): string {
  const folder = join(cloneDir(fixture), 'objects/pack');
  const name = readdirSync(folder).find((file) => file.endsWith(ending)) ?? '';
  const file = join(folder, name);
  chmodSync(file, 0o644);
  return file;
}

function flipBytes(file: string, from: number): void {
  const bytes = readFileSync(file);
  for (let at = from; at < Math.min(from + 40, bytes.length); at++) bytes[at] = 0xff ^ (bytes[at] ?? 0);
  writeFileSync(file, bytes);
}

const damages: readonly (readonly [string, (fixture: GitFixture) => void])[] = [
  ['a truncated pack index', (fixture) => truncateSync(packFile(fixture, '.idx'), 900)],
  ['an empty pack index', (fixture) => truncateSync(packFile(fixture, '.idx'), 0)],
  ['a pack index that points elsewhere', (fixture) => flipBytes(packFile(fixture, '.idx'), 1032)],
  ['flipped bytes in the pack', (fixture) => flipBytes(packFile(fixture, '.pack'), 14)],
  ['a pack that is gone', (fixture) => rmSync(packFile(fixture, '.pack'))],
  ['a clone that is gone', (fixture) => rmSync(cloneDir(fixture), { recursive: true })],
  ['a pointer full of garbage', (fixture) => writeFileSync(join(fixture.cacheDir, 'current'), '../../etc')],
  ['a ref full of garbage', (fixture) => writeFileSync(join(cloneDir(fixture), 'refs/muster/head'), 'x\0y')],
];

describe.each(['builtin', 'system'] as const)('27 corrupt clone, %s transport', (transport) => {
  it.each(
    transport === 'builtin' ? damages : damages.filter(([name]) => /clone that is gone|ref full/.test(name)),
  )('%s is set aside and cloned again', async (_, damage) => {
    await using fixture = await makeGitFixture();
    const first = fixture.open({ transport });
    const { revision } = await first.read('head', nothingKnown, never);
    await first.close();
    damage(fixture);
    const source = fixture.open({ transport });
    const content = await source.read(revision, nothingKnown, never);
    expect(textOf(content, 'a.yaml')).toBe('a: 1\n');
    fixture.repo.commit({ 'a.yaml': 'a: 2\n' });
    expect(textOf(await source.read('head', nothingKnown, never), 'a.yaml')).toBe('a: 2\n');
    expect(readdirSync(fixture.cacheDir)).toHaveLength(2);
  });
});

describe('27 clone', () => {
  it.each([
    ['system', 'shallow.lock'],
    ['system', 'refs/muster/notes/muster.lock'],
    ['builtin', 'refs/muster/notes/muster.lock'],
  ] as const)('that a killed %s transport left with %s is replaced', async (transport, lock) => {
    await using fixture = await makeGitFixture();
    const source = fixture.open({ transport });
    const { revision } = await source.read('head', nothingKnown, never);
    const old = cloneDir(fixture);
    fixture.repo.git('notes', '--ref=muster', 'add', '-m', 'there', revision);
    mkdirSync(join(old, 'refs/muster/notes'), { recursive: true });
    writeFileSync(join(old, lock), '');
    const note = await source.readNote('refs/notes/muster', revision, never);
    expect(Buffer.from(note ?? []).toString()).toBe('there\n');
    expect(existsSync(old)).toBe(false);
  });

  it('with too many packs is replaced', async () => {
    await using fixture = await makeGitFixture();
    const source = fixture.open();
    await source.read('head', nothingKnown, never);
    const old = cloneDir(fixture);
    for (const ending of ['.pack', '.idx']) {
      const from = packFile(fixture, ending);
      for (let at = 0; at < 50; at++) {
        copyFileSync(from, join(old, `objects/pack/pack-${`${at}`.padStart(40, '0')}${ending}`));
      }
    }
    fixture.repo.commit({ 'a.yaml': 'a: 2\n' });
    expect(textOf(await source.read('head', nothingKnown, never), 'a.yaml')).toBe('a: 2\n');
    expect(existsSync(old)).toBe(false);
    expect(
      readdirSync(join(cloneDir(fixture), 'objects/pack')).filter((name) => name.endsWith('.pack')),
    ).toHaveLength(1);
  });

  it('that disappears while it is in use is made again', async () => {
    await using fixture = await makeGitFixture();
    const source = fixture.open();
    await source.read('head', nothingKnown, never);
    rmSync(fixture.cacheDir, { recursive: true });
    fixture.repo.commit({ 'a.yaml': 'a: 2\n' });
    expect(textOf(await source.read('head', nothingKnown, never), 'a.yaml')).toBe('a: 2\n');
  });

  it('leftovers of a killed run are removed', async () => {
    await using fixture = await makeGitFixture();
    const first = fixture.open();
    await first.read('head', nothingKnown, never);
    await first.close();
    const leftover = `${cloneDir(fixture)}-killed`;
    copyFileSync(join(fixture.cacheDir, 'current'), leftover);
    rmSync(cloneDir(fixture), { recursive: true });
    await fixture.open().read('head', nothingKnown, never);
    expect(existsSync(leftover)).toBe(false);
  });
});

describe('27 corrupt local repository', () => {
  it.each(['builtin', 'system'] as const)(
    'is told by the %s transport with GIT_CORRUPT',
    async (transport) => {
      await using fixture = await makeGitFixture();
      const repo = makeRepo(join(fixture.root, 'local'));
      repo.commit({ 'a.yaml': 'a: 1\n' });
      const source = fixture.open({ repo: repo.dir, transport });
      const blob = repo.git('rev-parse', 'HEAD:a.yaml');
      const object = join(repo.dir, '.git/objects', blob.slice(0, 2), blob.slice(2));
      const whole = readFileSync(object);
      chmodSync(object, 0o644);
      writeFileSync(object, 'not zlib');
      await expect(source.read('head', nothingKnown, never)).rejects.toMatchObject({ code: 'GIT_CORRUPT' });
      rmSync(object);
      await expect(source.read('head', nothingKnown, never)).rejects.toMatchObject({ code: 'GIT_CORRUPT' });
      writeFileSync(object, whole);
      expect(textOf(await source.read('head', nothingKnown, never), 'a.yaml')).toBe('a: 1\n');
    },
  );
});
