import { expect, test } from 'vitest';
import { openSecretsFile } from '../../../src/credentials/sops/open-secrets-file.ts';
import { createTenantKeys } from '../../../src/credentials/sops/tenant-keys.ts';
import { toPlain } from '../../../src/manifests/index.ts';
import fc from '../../support/property.ts';
import { createAgeKey, readSopsFixture, type SecretTree, writeSopsFile } from '../../support/sops.ts';

const { identity, recipient } = await createAgeKey();
const findKey = createTenantKeys(
  { env: { MUSTER_SECRETS_KEY_ACME: identity }, readFile: () => Promise.reject(new Error('none')) },
  {},
);
const encoder = new TextEncoder();
const open = (text: string | Uint8Array) =>
  openSecretsFile(
    {
      tenant: 'acme',
      path: 'secrets.sops.yaml',
      bytes: typeof text === 'string' ? encoder.encode(text) : text,
    },
    findKey,
  );

const leaf = fc.oneof(
  fc
    .string({ unit: 'grapheme', maxLength: 60 })
    .filter((text) => !/\p{Surrogate}/u.test(text) && !text.includes('\0')),
  fc.maxSafeInteger(),
  fc.boolean(),
);
const key = fc.stringMatching(/^[a-z][a-z0-9_]{0,8}$/).filter((name) => name !== 'sops');
const { tree } = fc.letrec<{ tree: { [key: string]: SecretTree }; node: SecretTree }>((tie) => ({
  tree: fc.dictionary(key, tie('node'), { maxKeys: 4 }),
  node: fc.oneof({ depthSize: 'small' }, leaf, fc.array(leaf, { maxLength: 3 }), tie('tree')),
}));

/** Values by name, nested keys and places in lists joined by dots. */
function flatten(node: SecretTree, name = ''): readonly (readonly [string, unknown])[] {
  if (typeof node !== 'object') return [[name, node]];
  return Object.entries(node).flatMap(([part, inner]) =>
    flatten(inner, name === '' ? part : `${name}.${part}`),
  );
}

test('whatever is encrypted comes back, value by value', async () => {
  await fc.assert(
    fc.asyncProperty(tree, async (values) => {
      const { opened, problems } = await open(await writeSopsFile(values, { recipients: [recipient] }));
      expect(problems).toEqual([]);
      const found = [...(opened?.values ?? [])].map(([name, value]) => [name, toPlain(value)]);
      expect(Object.fromEntries(found)).toEqual(Object.fromEntries(flatten(values)));
    }),
    { numRuns: 60 },
  );
});

test('a file with any one character changed opens to the same values or to none, and never throws', async () => {
  const text = await writeSopsFile(
    { a: 'canary-one', b: { c: 'canary-two', d: 7 } },
    { recipients: [recipient] },
  );
  const whole = [...((await open(text)).opened?.values ?? [])].map(([, value]) => toPlain(value));
  const changed = fc.tuple(
    fc.nat(text.length - 1),
    fc.constantFrom('A', '0', '"', ',', ']', '\n', ' ', '\u0000'),
  );
  await fc.assert(
    fc.asyncProperty(changed, async ([at, character]) => {
      const { opened, problems } = await open(`${text.slice(0, at)}${character}${text.slice(at + 1)}`);
      const values = [...(opened?.values ?? [])].map(([, value]) => toPlain(value));
      if (opened) expect(values).toEqual(whole);
      else expect(problems.length).toBeGreaterThan(0);
      expect(JSON.stringify(problems)).not.toContain('canary');
    }),
    { numRuns: 300 },
  );
});

test('bytes that nobody encrypted are a problem with a place', async () => {
  const real = readSopsFixture('types.sops.yaml');
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.nat(real.length).map((length) => real.slice(0, length)),
    fc.string().map((text) => encoder.encode(`sops: ${text}\n`)),
  );
  await fc.assert(
    fc.asyncProperty(bytes, async (given) => {
      const { opened, problems } = await open(given);
      expect(opened).toBeUndefined();
      expect(problems[0]).toMatchObject({ severity: 'error', tenant: 'acme', line: expect.any(Number) });
    }),
    { numRuns: 200 },
  );
});
