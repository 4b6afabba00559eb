import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createGitSource } from '../../../src/git-source/index.ts';
import { createManualClock, createSilentLogger } from '../../../src/runtime/index.ts';
import { runCommand } from '../../support/console.ts';
import { makeTemporaryDir } from '../../support/git-repo.ts';

describe('15 addresses that would run something, or read what is no repository', () => {
  const deps = { clock: createManualClock(), logger: createSilentLogger() };

  it.each([
    ['a command as transport', (marker: string) => `ext::sh -c touch% ${marker}`],
    ['an option', (marker: string) => `--upload-pack=touch ${marker}`],
    ['an option as ssh host', (marker: string) => `ssh://-oProxyCommand=touch ${marker}/x`],
    ['an option as user@host', (marker: string) => `-oProxyCommand=touch ${marker}@host:x`],
    ['another helper', () => 'fd::17/foo'],
    ['a scheme that is no Git transport', () => 'gopher://example.com/repo'],
    ['a file address that is no folder', () => 'file:///nowhere/at/all/repo.git'],
  ])('refuses %s, at once', async (_name, address) => {
    using folder = makeTemporaryDir();
    const marker = join(folder.path, 'ran');
    const options = { repo: address(marker), ref: 'main', path: '.', cacheDir: join(folder.path, 'cache') };
    await expect(
      (async () => {
        const source = createGitSource(options, deps);
        try {
          await source.resolve(AbortSignal.timeout(10_000));
        } finally {
          await source.close();
        }
      })(),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^GIT_(?:URL_REFUSED|NOT_A_REPOSITORY)$/) });
    expect(existsSync(marker)).toBe(false);
  });

  it('serve says so in one line and ends with 2', async () => {
    using folder = makeTemporaryDir();
    const marker = join(folder.path, 'ran');
    const ran = await runCommand([
      'serve',
      '--repo',
      `ext::sh -c touch% ${marker}`,
      '--data-dir',
      join(folder.path, 'data'),
    ]);
    expect(ran.exit).toBe(2);
    expect(ran.err).toContain('GIT_URL_REFUSED');
    expect(existsSync(marker)).toBe(false);
  });
});
