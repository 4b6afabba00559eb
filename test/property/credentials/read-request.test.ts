import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { createManualClock } from '../../../src/runtime/index.ts';
import { uidOf } from '../../support/agents.ts';
import { makeAuthority, makeCsr } from '../../support/certificates.ts';
import fc from '../../support/property.ts';

const clock = createManualClock();
const authority = await makeAuthority(clock);
const order = { tenant: 'acme', uid: uidOf(1), entry: 'edge', lifetimeMs: 3_600_000, now: clock.now() };
const { pem } = await makeCsr();
const request = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
const { certPem } = await authority.issueWithKey(order);
const certificate = new X509Certificate(certPem).raw;

/** The bytes with a few of them changed, so that most of their structure still parses. */
function mutated(bytes: Uint8Array) {
  const change = fc.tuple(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }));
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const copy = Uint8Array.from(bytes);
    for (const [at, by] of changes) copy[at] = (copy[at] ?? 0) ^ by;
    return copy;
  });
}

const keyOf = (text: string) => new X509Certificate(text).publicKey.export({ type: 'spki', format: 'pem' });

test('no change to a signed request has another key signed, or throws', async () => {
  const original = await authority.issue(Buffer.from(pem), order);
  if (original.kind !== 'issued') throw new Error(original.reason);
  await fc.assert(
    fc.asyncProperty(mutated(request), async (bytes) => {
      fc.pre(!request.equals(bytes));
      const text = `-----BEGIN CERTIFICATE REQUEST-----\n${Buffer.from(bytes).toString('base64')}\n-----END CERTIFICATE REQUEST-----\n`;
      const result = await authority.issue(Buffer.from(text), order);
      // Bytes that no signature covers, such as lengths of the frame, may change without changing what is said.
      if (result.kind === 'issued')
        expect(keyOf(result.certificate.certPem)).toBe(keyOf(original.certificate.certPem));
    }),
    { numRuns: 500 },
  );
});

test('no change to a certificate of ours leaves it ours, and no bytes throw', () => {
  const other = fc.oneof(mutated(certificate), fc.uint8Array({ maxLength: 2_000 }));
  fc.assert(
    fc.property(other, (bytes) => {
      fc.pre(!certificate.equals(bytes));
      expect(authority.isOurs(bytes)).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});
