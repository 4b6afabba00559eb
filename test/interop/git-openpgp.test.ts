import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type GitFixture, makeGitFixture } from '../support/git-fixture.ts';

const never = new AbortController().signal;
const nothingKnown = (): boolean => false;
const nobody = ['--batch', '--quiet', '--pinentry-mode', 'loopback', '--passphrase', ''];
const unverified = (reason: RegExp) => ({ code: 'GIT_UNVERIFIED', message: expect.stringMatching(reason) });

/** Keys of real gpg, and commits that git signs with them. */
function createKeyring(fixture: GitFixture) {
  const home = join(fixture.root, 'gnupg');
  mkdirSync(home, { mode: 0o700 });
  const env = { PATH: process.env.PATH, HOME: home, GNUPGHOME: home, LC_ALL: 'C' };
  const gpg = (...args: string[]) =>
    execFileSync('gpg', [...nobody, ...args], { env, stdio: 'pipe' }).toString();
  return {
    /** Makes a key that lasts so long, from a day long ago where it must have expired. */
    create(email: string, lasts = '0', since?: string) {
      const then = since === undefined ? [] : ['--faked-system-time', since];
      gpg(...then, '--quick-generate-key', email, 'ed25519', 'sign', lasts);
    },
    exported: (email: string) => gpg('--armor', '--export', email),
    commit(email: string, content: string, since?: string) {
      const then = since === undefined ? '' : ` --faked-system-time ${since}`;
      writeFileSync(
        join(home, 'sign'),
        `#!/bin/sh\nexec gpg ${nobody.map((word) => `'${word}'`).join(' ')}${then} "$@"\n`,
        {
          mode: 0o755,
        },
      );
      fixture.repo.commit({ 'a.yaml': content });
      const signing = ['-c', `gpg.program=${join(home, 'sign')}`, '-c', `user.signingKey=${email}`];
      const place = ['--git-dir', fixture.bare, '--work-tree', fixture.repo.dir];
      const who = ['-c', 'user.name=Ada', '-c', `user.email=${email}`];
      const amend = ['commit', '--quiet', '--amend', '--no-edit', '-S'];
      execFileSync('git', [...place, ...who, ...signing, ...amend], { env, stdio: 'pipe' });
    },
  };
}

it('git.verify takes up what real gpg has signed with a key of keysFile, and nothing else', async () => {
  await using fixture = await makeGitFixture();
  const keyring = createKeyring(fixture);
  const long = '20200101T000000';
  keyring.create('ada@example.test');
  keyring.create('bob@example.test');
  keyring.create('old@example.test', '1d', long);
  const keysFile = join(fixture.root, 'keys');
  writeFileSync(
    keysFile,
    `# ssh keys may stand here too\n${keyring.exported('ada@example.test')}\n${keyring.exported('old@example.test')}`,
  );
  const source = fixture.open({ verify: { mode: 'head', keysFile } });
  const read = () => source.read('head', nothingKnown, never);
  await expect(read()).rejects.toMatchObject(unverified(/is not signed/));
  keyring.commit('ada@example.test', 'a: 2\n');
  expect((await read()).entries).toHaveLength(1);
  keyring.commit('bob@example.test', 'a: 3\n');
  await expect(read()).rejects.toMatchObject(unverified(/does not hold/));
  keyring.commit('old@example.test', 'a: 4\n', long);
  await expect(read()).rejects.toMatchObject(unverified(/expired/));
  writeFileSync(keysFile, keyring.exported('bob@example.test'));
  keyring.commit('ada@example.test', 'a: 5\n');
  await expect(read()).rejects.toMatchObject(unverified(/does not hold/));
  keyring.commit('bob@example.test', 'a: 6\n');
  expect((await read()).entries).toHaveLength(1);
});
