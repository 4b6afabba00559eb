import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findSigner, parseAllowedSigners } from '../../../src/git-source/signatures/allowed-signers.ts';
import { splitSignedCommit, verifyCommit } from '../../../src/git-source/signatures/verify-commit.ts';

/** Commits that git signed with keys of ssh-keygen, and the file that allows these keys. */
const fixture = (name: string): Buffer =>
  readFileSync(new URL(`../../fixtures/git-signatures/${name}`, import.meta.url));
const signers = parseAllowedSigners(fixture('allowed_signers').toString());
const sha = 'f'.repeat(40);
const refused = (reason: RegExp) =>
  expect.objectContaining({
    code: 'GIT_UNVERIFIED',
    disposition: 'stalled',
    message: expect.stringMatching(reason),
  });

describe.each(['ed25519', 'ecdsab256', 'ecdsab521', 'rsab3072'])('a commit signed by git with %s', (name) => {
  const commit = fixture(`${name}.commit`);

  it('is accepted for the key that is allowed', () => {
    expect(verifyCommit(sha, commit, signers)).toBe('ada@example.test');
  });

  it('is refused once a byte of it changes', () => {
    const changed = Buffer.from(commit.toString('latin1').replace('Body line', 'Body Line'), 'latin1');
    expect(() => verifyCommit(sha, changed, signers)).toThrow(refused(/does not fit/));
    const moved = Buffer.from(commit.toString('latin1').replace('tree 4b825', 'tree 5b825'), 'latin1');
    expect(() => verifyCommit(sha, moved, signers)).toThrow(refused(/does not fit/));
  });

  it('is refused for any other key', () => {
    const others = signers.filter(({ publicKey }) => !commit.toString().includes(publicKey.slice(30, 60)));
    const without = others.filter((signer) => {
      try {
        return verifyCommit(sha, commit, [signer]) === undefined;
      } catch {
        return true;
      }
    });
    expect(without).toHaveLength(3);
    expect(() => verifyCommit(sha, commit, without)).toThrow(refused(/does not allow/));
  });
});

describe('a commit', () => {
  const text = fixture('ed25519.commit').toString();
  const [, armor = ''] = /gpgsig (.*?END SSH SIGNATURE-----)/s.exec(text) ?? [];
  const withSignature = (signature: string) => Buffer.from(text.replace(armor, signature));

  it('without a signature is refused', () => {
    const plain = splitSignedCommit(Buffer.from(text)).payload;
    expect(plain.toString()).not.toContain('gpgsig');
    expect(() => verifyCommit(sha, plain, signers)).toThrow(refused(/not signed/));
  });

  it.each([
    ['-----BEGIN PGP SIGNATURE-----\n abc\n -----END PGP SIGNATURE-----', /not signed with an ssh key/],
    ['-----BEGIN SSH SIGNATURE-----\n AAAA\n -----END SSH SIGNATURE-----', /cannot be read/],
    ['-----BEGIN SSH SIGNATURE-----\n !!!!\n -----END SSH SIGNATURE-----', /cannot be read/],
    ['-----BEGIN SSH SIGNATURE-----', /cannot be read/],
  ])('with %j is refused', (signature, reason) => {
    expect(() => verifyCommit(sha, withSignature(signature), signers)).toThrow(refused(reason));
  });

  it('with a signature cut anywhere is refused, never an error of another kind', () => {
    const lines = armor.split('\n');
    const body = Buffer.from(lines.slice(1, -1).join(''), 'base64');
    for (let length = 0; length < body.length; length += 3) {
      const cut = body.subarray(0, length).toString('base64');
      const signature = `${lines[0]}\n ${cut}\n ${lines.at(-1)?.trim()}`;
      expect(() => verifyCommit(sha, withSignature(signature), signers)).toThrow(refused(/./));
    }
  });

  it('whose message quotes a signature is not signed by it', () => {
    const { payload } = splitSignedCommit(Buffer.from(text));
    const quoting = Buffer.concat([payload, Buffer.from(`\ngpgsig ${armor}\n`)]);
    expect(() => verifyCommit(sha, quoting, signers)).toThrow(refused(/not signed/));
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
