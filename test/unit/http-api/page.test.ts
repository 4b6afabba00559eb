import { describe, expect, it } from 'vitest';
import { basePathOf } from '../../../src/http-api/index.ts';
import { cutBasePath } from '../../../src/http-api/page/base-path.ts';
import { pageRoutes } from '../../../src/http-api/page/page-routes.ts';
import type { PageFile } from '../../../src/http-api/page/read-page.ts';
import { createSessions } from '../../../src/http-api/sessions.ts';

const bytes = (text: string) => new Uint8Array(new TextEncoder().encode(text));
const script: PageFile = {
  type: 'text/javascript',
  body: bytes('plain'),
  br: bytes('brotli'),
  gzip: bytes('gzip'),
};
const page = { index: '<base href="/"><p>page</p>', assets: new Map([['assets/a-1.js', script]]) };
const routes = pageRoutes(page, '/muster/');

describe('the page', () => {
  it.each(['/', '/agents/0192', '/r/3f2a91c/t/acme', '/apiary'])(
    'answers %s with index.html, never kept',
    async (path) => {
      const answer = await routes.request(path);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toContain('<base href="/muster/">');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      const policy = answer.headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).not.toContain('unsafe');
    },
  );

  it.each(['/api/v1/nothing', '/metrics', '/healthz', '/readyz', '/api'])('leaves %s alone', async (path) => {
    expect((await routes.request(path)).status).toBe(404);
  });

  it.each([
    ['br, gzip', 'br', 'brotli'],
    ['gzip', 'gzip', 'gzip'],
    ['identity', null, 'plain'],
  ])('sends an asset as %s takes it, to be kept for ever', async (accepted, encoding, text) => {
    const answer = await routes.request('/assets/a-1.js', { headers: { 'accept-encoding': accepted } });
    expect(answer.headers.get('content-encoding')).toBe(encoding);
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(await answer.text()).toBe(text);
  });

  it.each([
    '/assets/../../package.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/..%2f..%2fpackage.json',
    '/assets/%2fetc%2fpasswd',
    '/assets/a-1.js%00',
    '/assets/__proto__',
  ])('gives no file for %s', async (path) => {
    const answer = await routes.request(path);
    const text = await answer.text();
    expect(text).not.toContain('muster-gitops');
    expect(answer.status === 404 || text.includes('<p>page</p>')).toBe(true);
  });

  it('says how it is made where it was not built', async () => {
    const answer = await pageRoutes(undefined, '/').request('/');
    expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('npm run build')]);
  });
});

it.each([
  [undefined, '/'],
  ['https://muster.example', '/'],
  ['https://example/muster', '/muster/'],
  ['https://example/a/b/', '/a/b/'],
  ['https://example/a"b', '/'],
  ['no address', '/'],
])('of the public address %s the base path is %s', (url, base) => expect(basePathOf(url)).toBe(base));

it.each([
  ['/muster/agents?a=1', '/agents?a=1'],
  ['/muster', '/'],
  ['/agents', '/agents'],
  ['/musterite', '/musterite'],
])('%s below /muster/ is %s', (from, to) => {
  const { pathname, search } = new URL(cutBasePath(new Request(`http://localhost${from}`), '/muster/').url);
  expect(pathname + search).toBe(to);
});

it('ends sessions after twelve hours, and the oldest where there are too many', () => {
  const grant = { role: 'viewer', tenant: 'acme', name: 'viewer 1' } as const;
  let now = 0;
  const sessions = createSessions(() => now);
  const first = sessions.begin(grant);
  expect(sessions.find(first)).toBe(grant);
  expect(sessions.find('other')).toBeUndefined();
  now = 12 * 3_600_000;
  expect(sessions.find(first)).toBeUndefined();
  const second = sessions.begin(grant);
  for (let index = 0; index < 1_000; index += 1) sessions.begin(grant);
  expect(sessions.find(second)).toBeUndefined();
});
