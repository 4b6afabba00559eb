import { describe, expect, it } from 'vitest';
import { usesProxy } from '../../../src/git-source/http-proxy.ts';

const url = 'https://git.corp.test/fleet.git';

describe('usesProxy', () => {
  it.each<[string, Record<string, string>, boolean]>([
    [url, {}, false],
    [url, { HTTPS_PROXY: 'http://proxy:3128' }, true],
    [url, { https_proxy: 'http://proxy:3128' }, true],
    [url, { ALL_PROXY: 'socks5://proxy' }, true],
    [url, { HTTPS_PROXY: 'http://proxy', NO_PROXY: 'other.test, .corp.test' }, false],
    [url, { HTTPS_PROXY: 'http://proxy', NO_PROXY: 'corp.test' }, false],
    [url, { HTTPS_PROXY: 'http://proxy', no_proxy: '*' }, false],
    [url, { HTTPS_PROXY: 'http://proxy', NO_PROXY: 'rp.test,' }, true],
    ['http://git.corp.test/x', { HTTP_PROXY: 'http://attacker' }, false],
    ['http://git.corp.test/x', { http_proxy: 'http://proxy' }, true],
    ['http://git.corp.test/x', { HTTPS_PROXY: 'http://proxy' }, false],
    ['https://127.0.0.1:8443/x', { HTTPS_PROXY: 'http://proxy' }, false],
    ['http://[::1]/x', { http_proxy: 'http://proxy' }, false],
  ])('%s with %j: %s', (target, env, expected) => {
    expect(usesProxy(target, env)).toBe(expected);
  });
});
