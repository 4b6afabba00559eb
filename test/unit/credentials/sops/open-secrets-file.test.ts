import { describe, expect, it } from 'vitest';
import { openSecretsFile } from '../../../../src/credentials/sops/open-secrets-file.ts';
import { createTenantKeys, type FindTenantKey } from '../../../../src/credentials/sops/tenant-keys.ts';
import { toPlain } from '../../../../src/manifests/index.ts';
import type { TenantSecrets } from '../../../../src/model/index.ts';
import { createAgeKey, fixtureKey, readSopsFixture, writeSopsFile } from '../../../support/sops.ts';

const keysOf = (env: Readonly<Record<string, string>>): FindTenantKey =>
  createTenantKeys({ env, readFile: () => Promise.reject(new Error('no folder in this test')) }, {});
const fixtureKeys = keysOf({
  MUSTER_SECRETS_KEY_ACME: fixtureKey('acme'),
  MUSTER_SECRETS_KEY_GLOBEX: fixtureKey('globex'),
});
const path = 'tenants/acme/secrets.sops.yaml';

function open(bytes: Uint8Array | string, tenant = 'acme', findKey: FindTenantKey | undefined = fixtureKeys) {
  const given = typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes;
  return openSecretsFile({ tenant, path, bytes: given }, findKey);
}

const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const codesOf = ({ problems }: TenantSecrets) => problems.map(({ code }) => code);
const valuesOf = ({ opened }: TenantSecrets) =>
  Object.fromEntries([...(opened?.values ?? [])].map(([name, node]) => [name, toPlain(node)]));

/** What `sops` itself says, with nested keys joined by dots. */
function expected(name: string): Record<string, unknown> {
  const flat: Record<string, unknown> = {};
  const visit = (value: unknown, key: string) => {
    if (typeof value !== 'object' || value === null) flat[key] = value;
    else for (const [inner, one] of Object.entries(value)) visit(one, key === '' ? inner : `${key}.${inner}`);
  };
  visit(JSON.parse(textOf(readSopsFixture(`expected-${name}.json`))), '');
  return flat;
}

describe('files of real SOPS', () => {
  it.each(['types', 'encrypted-regex', 'unencrypted-regex', 'encrypted-suffix', 'two-recipients'])(
    '%s opens to what sops says',
    async (name) => {
      const secrets = await open(readSopsFixture(`${name}.sops.yaml`));
      expect(secrets.problems).toEqual([]);
      expect(valuesOf(secrets)).toEqual(expected(name));
    },
  );

  it.each(['plain-parts', 'mac-only'])('%s: values in the clear count as SOPS left them', async (name) => {
    const secrets = await open(readSopsFixture(`${name}.sops.yaml`));
    expect(secrets.problems).toEqual([]);
    const { day_unencrypted, ...others } = valuesOf(secrets);
    const { day_unencrypted: day, ...expectedOthers } = expected(name);
    expect(others).toEqual(expectedOthers);
    expect(String(day)).toContain(String(day_unencrypted).slice(0, 10));
  });

  it('opens JSON', async () => {
    const secrets = await open(readSopsFixture('json.sops.json'));
    expect(valuesOf(secrets)).toEqual(expected('json'));
  });

  it('a file for two tenants opens with either key', async () => {
    const bytes = readSopsFixture('two-recipients.sops.yaml');
    expect(valuesOf(await open(bytes, 'globex'))).toEqual(valuesOf(await open(bytes, 'acme')));
  });

  it('numbers and bools keep their type, everything else is text', async () => {
    const { opened } = await open(readSopsFixture('types.sops.yaml'));
    const types = ['port', 'ratio', 'enabled', 'octal', 'when', 'text'].map(
      (name) => opened?.values.get(name)?.type,
    );
    expect(types).toEqual(['int', 'float', 'bool', 'string', 'string', 'string']);
  });

  it('values stand where the file has them', async () => {
    const { opened } = await open(readSopsFixture('types.sops.yaml'));
    expect(opened?.values.get('token')?.at).toEqual({ file: path, line: 2, column: 8 });
  });

  it('a rule by a pattern that is no list of names is refused where a value is in the clear', async () => {
    expect((await open(readSopsFixture('odd-regex.sops.yaml'))).problems).toMatchObject([
      { code: 'FR306', file: path, line: 1, column: 7, tenant: 'acme', severity: 'error' },
    ]);
  });
});

describe('without a key', () => {
  it('names are readable, values are not', async () => {
    const bytes = readSopsFixture('types.sops.yaml');
    const secrets = await openSecretsFile({ tenant: 'acme', path, bytes });
    expect([...secrets.digests.keys()]).toEqual(Object.keys(expected('types')));
    expect(new Set(secrets.digests.values())).toEqual(new Set(['']));
    expect(secrets).toMatchObject({ problems: [] });
    expect(secrets.opened).toBeUndefined();
  });

  it('says that the server has no key for this tenant, and where it belongs', async () => {
    const secrets = await open(readSopsFixture('types.sops.yaml'), 'acme', keysOf({}));
    expect(secrets.problems).toMatchObject([
      {
        code: 'FR303',
        file: path,
        line: 1,
        column: 1,
        message: expect.stringContaining('MUSTER_SECRETS_KEY_ACME'),
      },
    ]);
    expect(secrets.digests.has('token')).toBe(true);
  });

  it("another tenant's key is never tried", async () => {
    const secrets = await open(readSopsFixture('types.sops.yaml'), 'globex');
    expect(codesOf(secrets)).toEqual(['FR304']);
    expect(secrets.opened).toBeUndefined();
  });
});

describe('files that somebody changed', () => {
  const types = textOf(readSopsFixture('types.sops.yaml'));
  const swap = (text: string, a: string, b: string) => {
    const value = (name: string) => new RegExp(`^ *${name}: (ENC\\[.*\\])$`, 'm').exec(text)?.[1] ?? '';
    const [first, second] = [value(a), value(b)];
    return text.replace(first, '@').replace(second, first).replace('@', second);
  };

  it.each([
    ['a value moved to another key', swap(types, 'token', 'dollars'), 'FR305'],
    ['a value of another length', types.replace('data:Jfyw', 'data:'), 'FR305'],
    ['a value that is no longer there', types.replace(/^octal: .*\n/m, ''), 'FR305'],
    ['a value that was added in the clear', types.replace('port:', 'added: canary-added\nport:'), 'FR302'],
    ['another MAC', types.replace('mac: ENC[AES256_GCM,data:0zC', 'mac: ENC[AES256_GCM,data:1zC'), 'FR305'],
    ['no MAC', types.replace(/^ {4}mac: .*\n/m, ''), 'FR305'],
    ['another time', types.replace('T17:59:24Z', 'T17:59:25Z'), 'FR305'],
    ['a damaged data key', types.replace('YWdlLWVuY3J5', 'YWdlLWVuY3J6'), 'FR305'],
    ['a key twice', types.replace('port:', 'token:'), 'FR301'],
    ['two documents', `${types}---\na: b\n`, 'FR301'],
    ['no encryption at all', 'token: canary-plain\n', 'FR302'],
    ['no YAML', 'token: [canary-broken', 'FR301'],
    ['key groups', types.replace('sops:\n', 'sops:\n    key_groups: [{age: []}]\n'), 'FR306'],
    ['one name in two ways', types.replace('port:', 'database.user: ""\nport:'), 'FR305'],
  ])('%s: nothing opens, and no value is told', async (_, text, code) => {
    expect(text).not.toBe(types);
    const secrets = await open(text);
    expect(codesOf(secrets)).toEqual([code]);
    expect(secrets.opened).toBeUndefined();
    expect(secrets.problems[0]).toMatchObject({ file: path, tenant: 'acme', severity: 'error' });
    expect(JSON.stringify(secrets.problems)).not.toMatch(/canary|writer|ENC\[/);
  });

  it('a value in the clear that a rule allows is signed with the others', async () => {
    const text = textOf(readSopsFixture('plain-parts.sops.yaml'));
    expect(codesOf(await open(text.replace('eu-west-1', 'us-east-1')))).toEqual(['FR305']);
  });

  it('a key that cannot be named is a warning; the others open', async () => {
    const { identity, recipient } = await createAgeKey();
    const text = await writeSopsFile({ 'two words': 'a', fine: 'b' }, { recipients: [recipient] });
    const secrets = await open(text, 'acme', keysOf({ MUSTER_SECRETS_KEY_ACME: identity }));
    expect(secrets.problems).toMatchObject([{ code: 'FR307', severity: 'warning' }]);
    expect(valuesOf(secrets)).toEqual({ fine: 'b' });
  });
});

describe('the hostile tenant', () => {
  it("gains nothing by copying another's file and adding a recipient of its own", async () => {
    const mallory = await createAgeKey();
    const findKey = keysOf({ MUSTER_SECRETS_KEY_MALLORY: mallory.identity });
    const own = JSON.parse(await writeSopsFile({ x: 'y' }, { recipients: [mallory.recipient] }));
    const copied = textOf(readSopsFixture('types.sops.yaml'));
    const line = `    age:\n        - ${JSON.stringify(own.sops.age[0])}\n`;
    const text = copied.replace('    age:\n', line);
    const secrets = await open(text, 'mallory', findKey);
    expect(codesOf(secrets)).toEqual(['FR305']);
    expect(secrets.opened).toBeUndefined();
  });

  it('gains nothing by a MAC of its own making', async () => {
    const mallory = await createAgeKey();
    const text = await writeSopsFile({ x: 'y' }, { recipients: [mallory.recipient], mac: 'A'.repeat(128) });
    expect(codesOf(await open(text, 'acme', keysOf({ MUSTER_SECRETS_KEY_ACME: mallory.identity })))).toEqual([
      'FR305',
    ]);
  });
});

describe('hashes over secrets', () => {
  it('tell equal values apart from others, and follow the key', async () => {
    const [one, two] = [await createAgeKey(), await createAgeKey()];
    const digestOf = async (value: string, { identity, recipient }: typeof one) => {
      const text = await writeSopsFile({ x: value }, { recipients: [recipient] });
      return (await open(text, 'acme', keysOf({ MUSTER_SECRETS_KEY_ACME: identity }))).digests.get('x');
    };
    expect(await digestOf('a', one)).toMatch(/^[0-9a-f]{64}$/);
    expect(await digestOf('a', one)).toBe(await digestOf('a', one));
    expect(await digestOf('b', one)).not.toBe(await digestOf('a', one));
    expect(await digestOf('a', two)).not.toBe(await digestOf('a', one));
  });
});
