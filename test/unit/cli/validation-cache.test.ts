import { mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type FileIndex, readWorkTree } from '../../../src/cli/read-work-tree.ts';
import {
  cacheFileFor,
  openValidationCache,
  type ValidationCache,
} from '../../../src/cli/validate/validation-cache.ts';
import { createRepoValidator } from '../../../src/validation/index.ts';
import { runCommand } from '../../support/console.ts';
import { makeTemporaryDir } from '../../support/git-repo.ts';
import { collectorText, oneTenant } from '../../support/service.ts';

const folder = makeTemporaryDir();
afterAll(() => folder.remove());

const later = Date.now() + 3_600_000;

function write(dir: string, path: string, text: string): string {
  const full = join(dir, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

function writeRepo(name: string): string {
  const dir = join(folder.path, name);
  for (const [path, text] of Object.entries(oneTenant)) write(dir, path, text);
  return dir;
}

function openCache(name: string, rules = 'rules', startedAt = later): Promise<ValidationCache> {
  return openValidationCache({ file: join(folder.path, `${name}.json`), rules, startedAt });
}

/** Validates with a cache; tells which files were read and how many AgentConfigs were left to lint. */
async function run(dir: string, cache: ValidationCache) {
  const { content, readBlob } = await readWorkTree(dir, cache.index);
  const read: string[] = [];
  const spy = (id: Parameters<typeof readBlob>[0]) => {
    read.push(content.entries.find(({ blob }) => blob === id)?.path ?? id);
    return readBlob(id);
  };
  const prepared = createRepoValidator({ readBlob: spy, memory: cache.memory }).prepare({
    content,
    now: later,
  });
  const jobs = prepared.jobs.size;
  const { problems } = prepared.complete();
  await cache.save();
  return { read: [...new Set(read)].sort(), jobs, problems };
}

describe('a second run on the same folder', () => {
  it('reads no file and lints no AgentConfig where nothing changed', async () => {
    const dir = writeRepo('same');
    const first = await run(dir, await openCache('same'));
    expect(first.jobs).toBe(1);
    expect(first.read).not.toEqual([]);
    expect(await run(dir, await openCache('same'))).toEqual({ read: [], jobs: 0, problems: first.problems });
  });

  it('reads what changed, and tells its problems where they now are', async () => {
    const dir = writeRepo('changed');
    await run(dir, await openCache('changed'));
    write(dir, 'edge/collector.yaml', `# a comment\n${collectorText().replace('[debug]', '[debgu]')}`);
    const { read, jobs, problems } = await run(dir, await openCache('changed'));
    expect(read).toEqual(['edge/collector.yaml']);
    expect(jobs).toBe(1);
    const { content, readBlob } = await readWorkTree(dir);
    const fresh = createRepoValidator({ readBlob }).validate({ content, now: later });
    expect(problems).toEqual(fresh.problems);
  });

  it('sees a file that was swapped for one of the same size and time', async () => {
    const dir = writeRepo('swapped');
    const path = join(dir, 'edge/collector.yaml');
    const { atime, mtime } = statSync(path);
    await run(dir, await openCache('swapped'));
    writeFileSync(path, readFileSync(path, 'utf8').replace('[debug]', '[debgu]'));
    utimesSync(path, atime, mtime);
    const { problems } = await run(dir, await openCache('swapped'));
    expect(problems.map(({ message }) => message).join()).toContain('debgu');
  });

  it('tells a fault in an inline body at its new line after a comment above it', async () => {
    const dir = join(folder.path, 'inline');
    const body = collectorText()
      .replace('[debug]', '[debgu]')
      .split('\n')
      .map((line) => `  ${line}`)
      .join('\n');
    const text = (comment: string) => `kind: AgentConfig\nselector: {}\nconfig:\n${comment}${body}\n`;
    write(dir, 'tenant.yaml', 'kind: Tenant\n');
    write(dir, 'edge.yaml', text(''));
    const line = ({ problems }: Awaited<ReturnType<typeof run>>) =>
      problems.find(({ message }) => message.includes('debgu'))?.line ?? 0;
    const before = line(await run(dir, await openCache('inline')));
    write(dir, 'edge.yaml', text('').replace('exporters:', '# moved down\n  exporters:'));
    expect(line(await run(dir, await openCache('inline')))).toBe(before + 1);
  });
});

describe('the cache', () => {
  it('does not trust a file that changed when the run had just begun', async () => {
    const dir = writeRepo('racy');
    await run(dir, await openCache('racy', 'rules', Date.now()));
    const cache = await openCache('racy');
    const asked: string[] = [];
    const index: FileIndex = {
      get: (path) => {
        const known = cache.index.get(path);
        if (known) asked.push(path);
        return known;
      },
      set: () => undefined,
    };
    await readWorkTree(dir, index);
    expect(asked).toEqual([]);
  });

  it.each([
    ['of other rules', (text: string) => text.replace('"rules":"rules"', '"rules":"older"')],
    ['that is damaged', (text: string) => text.slice(0, -20)],
    ['that is no object', () => '7'],
  ])('forgets a file %s', async (_what, spoil) => {
    const dir = writeRepo('spoiled');
    await run(dir, await openCache('spoiled'));
    const file = join(folder.path, 'spoiled.json');
    writeFileSync(file, spoil(readFileSync(file, 'utf8')));
    expect((await run(dir, await openCache('spoiled'))).jobs).toBe(1);
  });

  it('keeps nothing of files that are gone', async () => {
    const dir = writeRepo('gone');
    write(dir, 'unused.yaml', 'a: 1\n');
    await run(dir, await openCache('gone'));
    const file = join(folder.path, 'gone.json');
    expect(readFileSync(file, 'utf8')).toContain('unused.yaml');
    await import('node:fs').then(({ rmSync }) => rmSync(join(dir, 'unused.yaml')));
    await run(dir, await openCache('gone'));
    expect(readFileSync(file, 'utf8')).not.toContain('unused.yaml');
  });

  it('is for its owner only, under the cache folder and never in the repo', async () => {
    const dir = writeRepo('place');
    const caches = join(folder.path, 'caches');
    const environment = { XDG_CACHE_HOME: caches };
    const before = readdirSync(dir, { recursive: true }).length;
    expect((await runCommand(['validate', dir], { environment, directory: '/' })).exit).toBe(0);
    const file = cacheFileFor(dir, environment) ?? '';
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(dir, { recursive: true })).toHaveLength(before);
  });

  it('is not used with --no-cache, or where there is no home', async () => {
    const dir = writeRepo('none');
    const caches = join(folder.path, 'no-caches');
    await runCommand(['validate', dir, '--no-cache'], {
      environment: { XDG_CACHE_HOME: caches },
      directory: '/',
    });
    expect(() => readdirSync(caches)).toThrow('ENOENT');
    expect(cacheFileFor(dir, {})).toBeUndefined();
  });
});
