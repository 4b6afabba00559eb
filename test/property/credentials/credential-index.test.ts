import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  createApiAccess,
  createCredentialIndex,
  createEnrollmentToken,
} from '../../../src/credentials/index.ts';
import fc from '../../support/property.ts';
import { tenantsOf, tokenEntry } from '../../unit/credentials/tenants.ts';

const { token } = createEnrollmentToken(randomBytes);
const index = createCredentialIndex(
  tenantsOf({ acme: { enrollment: [tokenEntry('edge', token)] } }),
  { allowAnonymous: true },
  { now: () => 0 },
);

test('no header but the token itself admits, and none throws', () => {
  const header = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string().map((text) => `Bearer ${text}`),
    fc.base64String().map((text) => `Basic ${text}`),
    fc
      .tuple(fc.nat(token.length), fc.string({ maxLength: 2 }))
      .map(([at, inserted]) => `Bearer ${token.slice(0, at)}${inserted}${token.slice(at + 1)}`),
  );
  fc.assert(
    fc.property(header, fc.boolean(), (authorization, loopback) => {
      fc.pre(authorization.trimEnd() !== `Bearer ${token}`);
      const judged = index.authenticate({ authorization, loopback });
      expect(judged).toMatchObject({ kind: 'rejected' });
      expect(JSON.stringify(judged)).not.toContain(token);
    }),
    { numRuns: 2000 },
  );
});

test('an API without tokens is open to no caller but this machine by its own name', () => {
  const access = createApiAccess('');
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom('localhost', '127.0.0.1:1', '[::1]', 'http://localhost'),
  );
  fc.assert(
    fc.property(
      fc.record({
        authorization: fc.option(text, { nil: undefined }),
        peerLoopback: fc.boolean(),
        host: fc.option(text, { nil: undefined }),
        origin: fc.option(text, { nil: undefined }),
        forwarded: fc.boolean(),
      }),
      (caller) => {
        if (access.authorize(caller).kind !== 'granted') return;
        expect(caller).toMatchObject({ peerLoopback: true, forwarded: false });
        expect(['localhost', '127.0.0.1:1', '[::1]']).toContain(caller.host);
        if (caller.origin !== undefined) expect(caller.origin).toBe(`http://${caller.host}`);
      },
    ),
    { numRuns: 2000 },
  );
});
