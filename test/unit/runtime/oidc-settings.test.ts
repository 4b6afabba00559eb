import { describe, expect, it } from 'vitest';
import { loadSettings, readServiceSettings } from '../../../src/runtime/index.ts';

const whole = {
  MUSTER_PUBLIC_URL: 'https://muster.example/fleet',
  MUSTER_OIDC_ISSUER: 'https://login.example',
  MUSTER_OIDC_CLIENT_ID: 'muster',
  MUSTER_OIDC_ROLES: 'operator:*:groups=platform',
};

function read(environment: Record<string, string>, files: Record<string, string> = {}) {
  const values = loadSettings({
    flags: { repo: '/fleet' },
    environment,
    readFile: (path) => files[path] ?? '',
  });
  return readServiceSettings(values).oidc;
}

describe('the settings under oidc', () => {
  it('name no provider by themselves', () => expect(read({})).toBeUndefined());

  it('take the secret from a file, and ask for an ID token whatever the scopes', () => {
    const more = { MUSTER_OIDC_CLIENT_SECRET_FILE: '/s', MUSTER_OIDC_SCOPES: 'groups, email' };
    expect(read({ ...whole, ...more }, { '/s': 'word\n' })).toEqual({
      ...{ issuer: 'https://login.example', clientId: 'muster', clientSecret: 'word' },
      ...{ publicUrl: 'https://muster.example/fleet', roles: 'operator:*:groups=platform' },
      ...{ scopes: 'openid groups email', nameClaim: 'email', label: 'single sign-on' },
    });
  });

  it.each([
    [{ MUSTER_OIDC_ROLES: '' }, /^oidc\.issuer is set, and oidc\.roles is not$/],
    [{ MUSTER_OIDC_CLIENT_ID: '' }, /oidc\.clientId is not/],
    [{ MUSTER_PUBLIC_URL: '' }, /publicUrl is not/],
    [{ MUSTER_PUBLIC_URL: 'muster.example' }, /publicUrl is no http or https URL/],
    [{ MUSTER_OIDC_ISSUER: 'http://login.example' }, /oidc\.issuer is no https URL/],
    [{ MUSTER_OIDC_ISSUER: 'login.example' }, /oidc\.issuer is no https URL/],
  ])('refuse %j', (change, message) => expect(() => read({ ...whole, ...change })).toThrow(message));

  it('take a provider on this computer without TLS', () =>
    expect(read({ ...whole, MUSTER_OIDC_ISSUER: 'http://localhost:5556/dex' })).toBeDefined());
});
