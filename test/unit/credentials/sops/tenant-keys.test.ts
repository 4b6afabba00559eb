import { describe, expect, it } from 'vitest';
import { createTenantKeys, secretsKeyVariable } from '../../../../src/credentials/index.ts';
import { createAgeKey, fixtureKey } from '../../../support/sops.ts';

const encoder = new TextEncoder();

function keysWith(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
  const asked: string[] = [];
  const findKey = createTenantKeys(
    {
      env,
      readFile: async (path) => {
        asked.push(path);
        const text = files[path];
        if (text === undefined) throw new Error('ENOENT');
        return { realPath: path, bytes: encoder.encode(text) };
      },
    },
    { keysDir: '/keys' },
  );
  return { findKey, asked };
}

describe('keys of tenants', () => {
  it("are read from the tenant's own file alone, comments left out", async () => {
    const { findKey, asked } = keysWith({ '/keys/acme.txt': fixtureKey('acme') });
    expect(await findKey('acme')).toMatchObject({
      kind: 'found',
      identities: [expect.stringMatching(/^AGE-SECRET-KEY-1/)],
    });
    expect(asked).toEqual(['/keys/acme.txt']);
  });

  it('the environment wins over the file', async () => {
    const { identity } = await createAgeKey();
    const { findKey, asked } = keysWith(
      { '/keys/acme-eu.txt': fixtureKey('acme') },
      { MUSTER_SECRETS_KEY_ACME_EU: identity },
    );
    expect(await findKey('acme-eu')).toEqual({ kind: 'found', identities: [identity] });
    expect(asked).toEqual([]);
  });

  it('a file may hold several, the first one for hashes', async () => {
    const [one, two] = [await createAgeKey(), await createAgeKey()];
    const { findKey } = keysWith({ '/keys/acme.txt': `${one.identity}\r\n\r\n# old\n${two.identity}` });
    expect(await findKey('acme')).toEqual({ kind: 'found', identities: [one.identity, two.identity] });
  });

  it.each(['../acme', 'acme/../globex', 'ACME', '', 'a'.repeat(41)])(
    'no file is looked at for "%s", which is no tenant',
    async (tenant) => {
      const { findKey, asked } = keysWith({});
      expect((await findKey(tenant)).kind).toBe('missing');
      expect(asked).toEqual([]);
    },
  );

  it.each([
    ['no file', {}],
    ['an empty one', { '/keys/acme.txt': '# nothing\n' }],
    ['a line that is no key', { '/keys/acme.txt': 'canary-not-a-key' }],
    ['a recipient', { '/keys/acme.txt': 'age1dgke9nuazg5nmpfsgqrvw29wdwjmvfn80jem7ewv68h47pxp0pxseld0ph' }],
    ['a damaged key', { '/keys/acme.txt': fixtureKey('acme').trim().slice(0, -1) }],
    ['too many', { '/keys/acme.txt': `${fixtureKey('acme')}\n`.repeat(17) }],
  ])('%s: says what is wrong and never what is in it', async (_, files) => {
    const found = await keysWith(files).findKey('acme');
    expect(found.kind).toBe('missing');
    expect(JSON.stringify(found)).not.toMatch(/AGE-SECRET|canary|age1/);
    expect(JSON.stringify(found)).toContain('acme.txt');
  });

  it('two tenants never share a variable', () => {
    expect(secretsKeyVariable('acme-eu')).toBe('MUSTER_SECRETS_KEY_ACME_EU');
    expect(secretsKeyVariable('s-dir')).not.toBe('MUSTER_SECRETS_KEYS_DIR');
  });
});
