import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { isMistypedToken } from '../../../src/credentials/enrollment-token.ts';
import { createEnrollmentToken, hashToken } from '../../../src/credentials/index.ts';

test('a token holds 256 bits of the given randomness behind a prefix that scanners know', () => {
  const bits = randomBytes(32);
  const { token, sha256 } = createEnrollmentToken(() => bits);
  expect(token).toMatch(/^muster_[A-Za-z0-9_-]{49}$/);
  expect(token.slice(7, 50)).toBe(bits.toString('base64url'));
  expect(sha256).toBe(hashToken(token));
});

test('the hash is plain SHA-256, as other tools make it', () => {
  expect(hashToken('demo-acme')).toBe('0ee3d7e3ae154954f584999ee8a2898c17694d98ad7cf282281363b71fcec8ae');
});

test('every single slip of the pen is noticed', () => {
  const { token } = createEnrollmentToken(randomBytes);
  expect(isMistypedToken(token)).toBe(false);
  for (let at = 'muster_'.length; at < token.length; at++) {
    const other = token[at] === 'A' ? 'B' : 'A';
    expect(isMistypedToken(token.slice(0, at) + other + token.slice(at + 1))).toBe(true);
  }
  expect(isMistypedToken(`${token}A`)).toBe(true);
  expect(isMistypedToken(token.slice(0, 20))).toBe(true);
  expect(isMistypedToken('demo-acme')).toBe(false);
});
