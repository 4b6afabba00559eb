import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findSigner, parseAllowedSigners } from '../../../src/git-source/signatures/allowed-signers.ts';
import { parseKeysFile } from '../../../src/git-source/signatures/keys-file.ts';
import type { OpenPgpSignature } from '../../../src/git-source/signatures/run-gpgv.ts';
import { splitSignedCommit, verifyCommit } from '../../../src/git-source/signatures/verify-commit.ts';

/** Commits that git signed with keys of ssh-keygen, and the file that allows these keys. */
const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../fixtures/git-signatures/${name}`, import.meta.url));
const keys = parseKeysFile(fixture('allowed_signers').toString());
const { signers } = keys;
const sha = 'f'.repeat(40);
const refused = (reason: RegExp) =>
  expect.objectContaining({
    code: 'GIT_UNVERIFIED',
    disposition: 'stalled',
    message: expect.stringMatching(reason),
  });

describe.each(['ed25519', 'ecdsab256', 'ecdsab521', 'rsab3072'])('a commit signed by git with %s', (name) => {
  const commit = fixture(`${name}.commit`);

  it('is accepted for the key that is allowed', async () => {
    expect(await verifyCommit(sha, commit, keys)).toBe('ada@example.test');
  });

  it('is refused once a byte of it changes', async () => {
    const changed = Buffer.from(commit.toString('latin1').replace('Body line', 'Body Line'), 'latin1');
    await expect(verifyCommit(sha, changed, keys)).rejects.toThrow(refused(/does not fit/));
    const moved = Buffer.from(commit.toString('latin1').replace('tree 4b825', 'tree 5b825'), 'latin1');
    await expect(verifyCommit(sha, moved, keys)).rejects.toThrow(refused(/does not fit/));
  });

  it('is refused for any other key', async () => {
    const accepted = await Promise.all(
      signers.map((signer) =>
        verifyCommit(sha, commit, { ...keys, signers: [signer] }).then(
          () => signer,
          () => undefined,
        ),
      ),
    );
    const without = signers.filter((signer) => !accepted.includes(signer));
    expect(without).toHaveLength(3);
    await expect(verifyCommit(sha, commit, { ...keys, signers: without })).rejects.toThrow(
      refused(/does not allow/),
    );
  });
});

describe('a commit', () => {
  const text = fixture('ed25519.commit').toString();
  const [, armor = ''] = /gpgsig (.*?END SSH SIGNATURE-----)/s.exec(text) ?? [];
  const withSignature = (signature: string) => Buffer.from(text.replace(armor, signature));

  it('without a signature is refused', async () => {
    const plain = splitSignedCommit(Buffer.from(text)).payload;
    expect(plain.toString()).not.toContain('gpgsig');
    await expect(verifyCommit(sha, plain, keys)).rejects.toThrow(refused(/not signed/));
  });

  it.each([
    ['-----BEGIN PGP SIGNATURE-----\n abc\n -----END PGP SIGNATURE-----', /keysFile holds no such key/],
    ['-----BEGIN SSH SIGNATURE-----\n AAAA\n -----END SSH SIGNATURE-----', /cannot be read/],
    ['-----BEGIN SSH SIGNATURE-----\n !!!!\n -----END SSH SIGNATURE-----', /cannot be read/],
    ['-----BEGIN SSH SIGNATURE-----', /cannot be read/],
  ])('with %j is refused', async (signature, reason) => {
    await expect(verifyCommit(sha, withSignature(signature), keys)).rejects.toThrow(refused(reason));
  });

  it('with a signature cut anywhere is refused, never an error of another kind', async () => {
    const lines = armor.split('\n');
    const body = Buffer.from(lines.slice(1, -1).join(''), 'base64');
    for (let length = 0; length < body.length; length += 3) {
      const cut = body.subarray(0, length).toString('base64');
      const signature = `${lines[0]}\n ${cut}\n ${lines.at(-1)?.trim()}`;
      await expect(verifyCommit(sha, withSignature(signature), keys)).rejects.toThrow(refused(/./));
    }
  });

  it('whose message quotes a signature is not signed by it', async () => {
    const { payload } = splitSignedCommit(Buffer.from(text));
    const quoting = Buffer.concat([payload, Buffer.from(`\ngpgsig ${armor}\n`)]);
    await expect(verifyCommit(sha, quoting, keys)).rejects.toThrow(refused(/not signed/));
  });
});

describe('a commit signed with OpenPGP', () => {
  const armored = (kind: string, body: string) =>
    `-----BEGIN PGP ${kind}-----\n${body}\n-----END PGP ${kind}-----`;
  const commit = Buffer.from(
    `tree ${'4'.repeat(40)}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\ngpgsig ${armored(
      'SIGNATURE',
      '\niQ==',
    )
      .split('\n')
      .join('\n ')}\n\nMessage\n`,
  );
  const trusted = parseKeysFile(
    `ada@x ssh-ed25519 AAAA\n${armored('PUBLIC KEY BLOCK', 'Comment: Ada\n\nYWJj\n=twTO')}\r\n${armored('PUBLIC KEY BLOCK', '\nZGVm')}\n`,
  );
  const good = ['NEWSIG', 'GOODSIG 1A2B Ada <ada@x>', 'VALIDSIG 1A2B 2026-01-01 1 0 4 0 22 10 00 1A2B'];

  it('is believed for what gpgv says of the keys that are given, over the commit without its signature', async () => {
    const asked: OpenPgpSignature[] = [];
    const signer = await verifyCommit(sha, commit, trusted, async (input) => {
      asked.push(input);
      return good;
    });
    expect(signer).toBe('Ada <ada@x>');
    expect(Buffer.from(asked[0]?.keyring ?? []).toString()).toBe('abcdef');
    expect(Buffer.from(asked[0]?.payload ?? []).toString()).not.toContain('gpgsig');
    expect(asked[0]?.signature).toMatch(/^-----BEGIN PGP SIGNATURE-----[\s\S]*END PGP SIGNATURE-----$/);
  });

  it.each([
    [undefined, /install gpgv/],
    [[], /cannot be read/],
    [good.slice(0, 2), /cannot be read/],
    [[...good, 'BADSIG 3C4D Eve <eve@x>'], /does not fit/],
    [['ERRSIG 3C4D 22 10 00 1 9 -', 'NO_PUBKEY 3C4D'], /does not hold/],
    [['EXPKEYSIG 1A2B Ada <ada@x>', good[2] ?? ''], /expired/],
    [['REVKEYSIG 1A2B Ada <ada@x>', good[2] ?? ''], /revoked/],
    [[...good, 'EXPSIG 1A2B Ada <ada@x>'], /expired/],
  ])('is refused for %j', async (lines, reason) => {
    await expect(verifyCommit(sha, commit, trusted, async () => lines)).rejects.toThrow(refused(reason));
  });
});

describe('allowed_signers', () => {
  const key = 'AAAAC3NzaC1lZDI1NTE5AAAAIJ8EpSjTiS99Jc3EXL1DLYRL+wR38ysvrNg87DEI3uOM';
  const at = Date.UTC(2026, 5, 1);
  const find = (text: string) => findSigner(parseAllowedSigners(text), key, at);

  it.each([
    [`ada@x ssh-ed25519 ${key}`, 'ada@x'],
    [`ada@x,bob@x ssh-ed25519 ${key} comment here`, 'ada@x,bob@x'],
    [`"ada@x" namespaces="file,git" ssh-ed25519 ${key}`, 'ada@x'],
    [`* namespaces="*" ssh-ed25519 ${key}`, '*'],
    [`a@x valid-after="20260101",valid-before="20270101Z" ssh-ed25519 ${key}`, 'a@x'],
  ])('allows by %s', (text, expected) => {
    expect(find(text)).toBe(expected);
  });

  it.each([
    '',
    `# ada@x ssh-ed25519 ${key}`,
    'ada@x ssh-ed25519 AAAA',
    `ada@x namespaces="file" ssh-ed25519 ${key}`,
    `ada@x cert-authority ssh-ed25519 ${key}`,
    `a@x valid-before="20260101" ssh-ed25519 ${key}`,
    `a@x valid-after="202701010000" ssh-ed25519 ${key}`,
    `a@x valid-after="soon" ssh-ed25519 ${key}`,
    key,
  ])('allows nobody by %j', (text) => {
    expect(find(text)).toBeUndefined();
  });
});
