import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createStandbyApp, serveHttp } from '../../../src/http-api/index.ts';
import type { SessionView } from '../../../src/model/index.ts';
import type { Logger } from '../../../src/runtime/index.ts';
import { findFreePort } from '../../support/cli-process.ts';
import { eventuallyHolds } from '../../support/eventually.ts';
import { createKeptLog } from '../../support/git-host-log.ts';
import { client, type OidcProvider, startOidcProvider } from '../../support/oidc-provider.ts';
import { oneTenant, startTestService, type TestService } from '../../support/service.ts';

let provider: OidcProvider;
let service: TestService;
const log = createKeptLog();

const operator = { email: 'jane@example.com', email_verified: true, groups: ['platform'] };

const settingsOf = (issuer: string) => ({
  MUSTER_OIDC_ISSUER: issuer,
  MUSTER_OIDC_CLIENT_ID: client.id,
  MUSTER_OIDC_CLIENT_SECRET: client.secret,
  MUSTER_OIDC_ROLES: 'operator:*:groups=platform,viewer:acme:groups=acme-*',
});

async function startService(
  issuer: string,
  environment: Record<string, string> = {},
  logger?: Logger,
): Promise<TestService> {
  const port = await findFreePort();
  return startTestService({
    files: oneTenant,
    flags: { http: `127.0.0.1:${port}`, 'public-url': `http://127.0.0.1:${port}` },
    environment: { ...settingsOf(issuer), ...environment },
    ...(logger && { logger }),
  });
}

beforeAll(async () => {
  provider = await startOidcProvider();
  service = await startService(provider.issuer, {}, log.logger);
});
beforeEach(() => {
  Object.assign(provider.behaviour, {
    ...{ claims: operator, signature: 'own', denies: undefined, metadata: {}, tokenStatus: undefined },
    ...{ userinfo: {}, userinfoStatus: 200, userinfoType: 'application/json' },
  });
});
afterAll(async () => {
  await service?.[Symbol.asyncDispose]();
  await provider?.[Symbol.asyncDispose]();
});

/** A browser as far as signing in needs one: it keeps cookies, and follows no redirect by itself. */
function openBrowser(base = service.app().httpUrl) {
  const cookies = new Map<string, string>();
  return {
    cookies,
    async go(url: string | URL, method = 'GET') {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(new URL(url, base), {
        method,
        redirect: 'manual',
        headers: cookie === '' ? {} : { cookie },
      });
      for (const line of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        if (value === '') cookies.delete(name);
        else cookies.set(name, value);
      }
      return response;
    },
  };
}

const locationOf = (response: Response) =>
  new URL(response.headers.get('location') ?? '', service.app().httpUrl);

/** Goes to the provider and returns the address at which it sends the browser back. */
async function visitProvider(browser: ReturnType<typeof openBrowser>, to = ''): Promise<URL> {
  const leaving = await browser.go(`/api/v1/sign-in/oidc?to=${encodeURIComponent(to)}`);
  const back = await fetch(locationOf(leaving), { redirect: 'manual' });
  return locationOf(back);
}

async function signIn(to = '') {
  const browser = openBrowser();
  const answer = await browser.go(await visitProvider(browser, to));
  return { browser, answer, to: locationOf(answer) };
}

describe('signing in at an OpenID provider', () => {
  it('swaps the provider’s word for a session with role, tenants and name, which sign-out ends', async () => {
    const { browser, answer, to } = await signIn('agents?delivery=failed');
    expect(to.href).toBe(`${service.app().httpUrl}/agents?delivery=failed`);
    expect(answer.headers.getSetCookie().join()).toMatch(/muster_session=.*HttpOnly; SameSite=Strict/);
    expect([answer.headers.get('cache-control'), answer.headers.get('referrer-policy')]).toEqual([
      'no-store',
      'no-referrer',
    ]);
    const view = (await (await browser.go('/api/v1/session')).json()) as SessionView;
    expect(view).toMatchObject({ name: 'operator jane@example.com', role: 'operator', tenant: null });
    const value = browser.cookies.get('muster_session') ?? '';
    expect((await browser.go('/api/v1/session', 'DELETE')).status).toBe(204);
    browser.cookies.set('muster_session', value);
    expect((await browser.go('/api/v1/session')).status).toBe(401);
  });

  it('gives who matches a later entry what that says, and no more', async () => {
    provider.behaviour.claims = { groups: ['acme-dev'] };
    const { browser } = await signIn();
    const view = (await (await browser.go('/api/v1/session')).json()) as SessionView;
    expect(view).toMatchObject({ name: 'viewer u-1', role: 'viewer', tenant: 'acme' });
    expect((await browser.go('/api/v1/sync', 'POST')).status).toBe(403);
    expect((await browser.go('/api/v1/tenants/default')).status).toBe(404);
  });

  it('lets nobody in without signing in, though nothing but this computer could ask', async () => {
    expect((await openBrowser().go('/api/v1/fleet')).status).toBe(401);
    expect(await service.get('/api/v1/sign-in')).toEqual({ token: false, singleSignOn: 'single sign-on' });
  });

  it('sends state, nonce and a PKCE challenge, each new', async () => {
    const asked = await Promise.all(
      [0, 1].map(async () => locationOf(await openBrowser().go('/api/v1/sign-in/oidc')).searchParams),
    );
    for (const parameters of asked)
      expect(Object.fromEntries(parameters)).toMatchObject({
        ...{ response_type: 'code', client_id: client.id, scope: 'openid profile email' },
        ...{
          redirect_uri: `${service.app().httpUrl}/api/v1/sign-in/oidc/callback`,
          code_challenge_method: 'S256',
        },
      });
    for (const name of ['state', 'nonce', 'code_challenge'])
      expect(new Set(asked.map((parameters) => parameters.get(name)))).toHaveProperty('size', 2);
  });

  const past = () => Math.floor(Date.now() / 1_000) - 3_600;
  it.each<[what: string, change: () => Partial<OidcProvider['behaviour']>, fault: string]>([
    ['another issuer’s token', () => ({ claims: { ...operator, iss: 'https://evil.example' } }), 'refused'],
    ['a token for another client', () => ({ claims: { ...operator, aud: 'other' } }), 'refused'],
    ['a token shared by several', () => ({ claims: { ...operator, aud: ['muster', 'other'] } }), 'refused'],
    ['a token made for another', () => ({ claims: { ...operator, azp: 'other' } }), 'refused'],
    ['another sign-in’s token', () => ({ claims: { ...operator, nonce: 'other' } }), 'refused'],
    ['a token without nonce', () => ({ claims: { ...operator, nonce: undefined } }), 'refused'],
    ['an expired token', () => ({ claims: { ...operator, exp: past() } }), 'refused'],
    ['a token without an end', () => ({ claims: { ...operator, exp: undefined } }), 'refused'],
    ['a token of nobody', () => ({ claims: { ...operator, sub: undefined } }), 'refused'],
    ['an unsigned token', () => ({ signature: 'none' }), 'refused'],
    ['a token signed by a stranger', () => ({ signature: 'foreign' }), 'refused'],
    ['a token signed with the public key', () => ({ signature: 'shared' }), 'refused'],
    ['a claim without role', () => ({ claims: { ...operator, groups: ['others'] } }), 'no-role'],
    ['no claim', () => ({ claims: {} }), 'no-role'],
    ['no consent', () => ({ denies: 'access_denied' }), 'denied'],
    ['a code that is not taken', () => ({ tokenStatus: 400 }), 'refused'],
    ['a provider that fails', () => ({ tokenStatus: 503 }), 'unavailable'],
  ])('refuses %s', async (_, change, fault) => {
    Object.assign(provider.behaviour, change());
    const { browser, to } = await signIn('agents');
    expect([to.pathname, to.searchParams.get('fault'), to.searchParams.get('to')]).toEqual([
      '/sign-in',
      fault,
      'agents',
    ]);
    expect(browser.cookies.has('muster_session')).toBe(false);
  });

  describe('where the ID token has not the claim', () => {
    const asked = () => provider.seen.filter((path) => path === '/userinfo').length;

    it('asks the userinfo endpoint with the access token', async () => {
      const before = asked();
      Object.assign(provider.behaviour, { claims: {}, userinfo: operator });
      const { browser } = await signIn();
      const view = (await (await browser.go('/api/v1/session')).json()) as SessionView;
      expect(view).toMatchObject({ name: 'operator jane@example.com', role: 'operator', tenant: null });
      expect(asked()).toBe(before + 1);
    });

    it.each<[what: string, claims: Record<string, unknown>, fault: string | null]>([
      ['one that matches', operator, null],
      ['one that does not', { groups: ['others'] }, 'no-role'],
      ['an empty one', { groups: [] }, 'no-role'],
    ])('but asks nothing where it has %s', async (_, claims, fault) => {
      const before = asked();
      Object.assign(provider.behaviour, { claims, userinfo: operator });
      expect((await signIn()).to.searchParams.get('fault')).toBe(fault);
      expect(asked()).toBe(before);
    });

    it.each<[what: string, change: Partial<OidcProvider['behaviour']>, fault: string, reason: RegExp]>([
      ['another sub', { userinfo: { ...operator, sub: 'u-2' } }, 'refused', /another sub than the ID token/],
      ['no sub', { userinfo: { ...operator, sub: undefined } }, 'refused', /another sub than the ID token/],
      ['500', { userinfo: operator, userinfoStatus: 500 }, 'unavailable', /answered 500; .*ID token hold/],
      ['403', { userinfo: operator, userinfoStatus: 403 }, 'refused', /answered 403: .*access tokens/],
      ['a signed answer', { userinfo: operator, userinfoType: 'application/jwt' }, 'refused', /signs its/],
      [
        'too much',
        { userinfo: { ...operator, x: 'x'.repeat(300_000) } },
        'unavailable',
        /longer than 262144 bytes\); mend/,
      ],
      ['no claim either', {}, 'no-role', /no entry of oidc\.roles matches/],
    ])('refuses %s, and the log says why', async (_, change, fault, reason) => {
      const before = asked();
      log.lines.length = 0;
      Object.assign(provider.behaviour, { claims: {} }, change);
      const { browser, to } = await signIn();
      expect(to.searchParams.get('fault')).toBe(fault);
      expect(log.lines.find((line) => line.includes('a sign-in at the OpenID provider failed'))).toMatch(
        reason,
      );
      expect(browser.cookies.has('muster_session')).toBe(false);
      expect(asked()).toBe(before + 1);
    });
  });

  it('takes an answer once, from the browser that asked, with its own state and for its own issuer', async () => {
    const browser = openBrowser();
    const back = await visitProvider(browser);
    const sealed = browser.cookies.get('muster_sign_in') ?? '';
    expect(locationOf(await openBrowser().go(back)).search).toContain('fault=expired');
    const stranger = openBrowser();
    await visitProvider(stranger);
    expect(locationOf(await stranger.go(back)).search).toContain('fault=expired');
    const forged = openBrowser();
    // In the middle: not every bit of the last character counts.
    const middle = sealed.length >> 1;
    const wrong = sealed[middle] === 'x' ? 'y' : 'x';
    forged.cookies.set('muster_sign_in', `${sealed.slice(0, middle)}${wrong}${sealed.slice(middle + 1)}`);
    expect(locationOf(await forged.go(back)).search).toContain('fault=expired');
    expect(locationOf(await browser.go(back)).search).toBe('');
    browser.cookies.set('muster_sign_in', sealed);
    browser.cookies.delete('muster_session');
    expect(locationOf(await browser.go(back)).search).toContain('fault=expired');
    expect(browser.cookies.has('muster_session')).toBe(false);
    const mixed = openBrowser();
    const other = await visitProvider(mixed);
    other.searchParams.set('iss', 'https://evil.example');
    expect(locationOf(await mixed.go(other)).search).toContain('fault=refused');
  });

  it.each(['https://evil.example/', '//evil.example/', '/\\evil.example', '/..//evil.example'])(
    'goes nowhere else afterwards, whatever %s asks',
    async (to) => {
      const { to: gone } = await signIn(to);
      expect(gone.origin).toBe(service.app().httpUrl);
    },
  );
});

it('starts while the provider is down, says so, takes tokens meanwhile, and people once it is back', async () => {
  const port = await findFreePort();
  await using own = await startService(`http://127.0.0.1:${port}`, {
    MUSTER_API_TOKENS: 'viewer:*:a-token',
    MUSTER_OIDC_LABEL: 'Example',
  });
  const base = own.app().httpUrl;
  expect(await own.get('/api/v1/sign-in')).toEqual({ token: true, singleSignOn: 'Example' });
  const down = await openBrowser(own.app().httpUrl).go('/api/v1/sign-in/oidc?to=agents');
  expect(down.headers.get('location')).toBe(`${base}/sign-in?fault=unavailable&to=agents`);
  expect(await own.get('/api/v1/fleet', { authorization: 'Bearer a-token' })).toBeDefined();
  await using _ = await startOidcProvider(port);
  await eventuallyHolds(async () => {
    const begun = await openBrowser(own.app().httpUrl).go('/api/v1/sign-in/oidc');
    expect(begun.headers.get('location')).toContain(`http://127.0.0.1:${port}/authorize?`);
  }, 20_000);
});

it('slows an address down that keeps failing, by token or provider, but no token that is right', async () => {
  await using own = await startService(provider.issuer, { MUSTER_API_TOKENS: 'viewer:*:a-token' });
  const answers: number[] = [];
  while (!answers.includes(429) && answers.length < 1_000) {
    const answer = await own.post('/api/v1/session', { token: 'wrong' });
    answers.push(answer.status);
    if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
  }
  expect(answers.filter((status) => status === 401).length).toBeGreaterThanOrEqual(60);
  await eventuallyHolds(async () => {
    const { headers } = await openBrowser(own.app().httpUrl).go(
      '/api/v1/sign-in/oidc/callback?state=x&code=y',
    );
    expect(headers.get('location')).toContain('fault=limited');
  });
  expect(await own.get('/api/v1/fleet', { authorization: 'Bearer a-token' })).toBeDefined();
});

it('signs people in who come to a replica that does not lead', async () => {
  const [front, port] = [await findFreePort(), await findFreePort()];
  await using _ = await startTestService({
    files: oneTenant,
    flags: { http: `127.0.0.1:${port}`, 'public-url': `http://127.0.0.1:${front}` },
    environment: settingsOf(provider.issuer),
  });
  const standby = await serveHttp(
    createStandbyApp({
      readiness: () => ({ ready: true, body: {} }),
      connections: () => 0,
      openToLeader: async () => connect(port, '127.0.0.1'),
    }),
    { host: '127.0.0.1', port: front, basePath: '/' },
  );
  const browser = openBrowser(standby.url);
  const answer = await browser.go(await visitProvider(browser, 'agents'));
  expect(answer.headers.get('location')).toBe(`${standby.url}/agents`);
  expect([...browser.cookies.keys()]).toEqual(['muster_session']);
  expect((await browser.go('/api/v1/fleet')).status).toBe(200);
  await standby.close();
});
