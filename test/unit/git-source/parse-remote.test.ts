import { describe, expect, it } from 'vitest';
import { parseRemote } from '../../../src/git-source/index.ts';
import { composeAuthorization, describeRemote } from '../../../src/git-source/parse-remote.ts';

const directories = new Set(['/srv/fleet', '/srv/a b', 'fleet', 'odd:name']);
const parse = (repo: string) => parseRemote(repo, (dir) => directories.has(dir));

describe('parseRemote', () => {
  it.each([
    [
      'https://git.example.test/acme/fleet.git',
      { kind: 'http', url: 'https://git.example.test/acme/fleet.git' },
    ],
    ['https://git.example.test/acme/fleet/', { kind: 'http', url: 'https://git.example.test/acme/fleet' }],
    ['HTTP://Git.example.test:8080/x', { kind: 'http', url: 'http://git.example.test:8080/x' }],
    [
      'ssh://git@host.test:2222/acme/fleet.git',
      { kind: 'ssh', url: 'ssh://git@host.test:2222/acme/fleet.git' },
    ],
    ['git@host.test:acme/fleet.git', { kind: 'ssh', url: 'git@host.test:acme/fleet.git' }],
    ['host.test:acme/fleet.git', { kind: 'ssh', url: 'host.test:acme/fleet.git' }],
    ['/srv/fleet', { kind: 'local', dir: '/srv/fleet' }],
    ['file:///srv/fleet', { kind: 'local', dir: '/srv/fleet' }],
    ['file:///srv/a%20b', { kind: 'local', dir: '/srv/a b' }],
    ['odd:name', { kind: 'local', dir: 'odd:name' }],
    ['./not-there-yet', { kind: 'local', dir: './not-there-yet' }],
    ['C:\\fleet', { kind: 'local', dir: 'C:\\fleet' }],
  ])('reads %s', (repo, expected) => {
    expect(parse(repo)).toEqual(expected);
  });

  it('takes credentials out of the URL', () => {
    const remote = parse('https://user:p%40ss@git.example.test/x.git');
    expect(remote).toEqual({
      kind: 'http',
      url: 'https://git.example.test/x.git',
      credentials: { username: 'user', password: 'p@ss' },
    });
    expect(describeRemote(remote)).toBe('https://git.example.test/x.git');
    expect(describeRemote(parse('ssh://deploy@host.test/x'))).toBe('ssh://host.test/x');
  });

  it.each([
    ['', 'empty'],
    ['ext::sh -c touch% /tmp/pwned', 'transport helper'],
    ['fd::17', 'transport helper'],
    ['--upload-pack=touch /tmp/pwned', 'dash'],
    ['-oProxyCommand=touch', 'dash'],
    ['ssh://-oProxyCommand=touch/x', 'option'],
    ['ssh://git:secret@host.test/x', 'password'],
    ['git@-oProxyCommand=touch:x', 'option'],
    ['host.test:-x', 'option'],
    ['file:///etc', 'no local directory'],
    ['file://elsewhere.test/srv/fleet', 'no local directory'],
    ['git://host.test/x', 'not supported'],
    ['ftp://host.test/x', 'not supported'],
    ['javascript://x', 'not supported'],
    ['https://host.test/x?service=evil', 'query'],
    ['https://host.test/x#y', 'fragment'],
    ['https://', 'not a valid URL'],
    ['https://host.test/x\r\nHost: evil', 'control characters'],
  ])('refuses %s', (repo, reason) => {
    expect(() => parse(repo)).toThrow(
      expect.objectContaining({
        code: 'GIT_URL_REFUSED',
        disposition: 'stalled',
        message: expect.stringContaining(reason),
      }),
    );
  });

  it('names no secret when it refuses', () => {
    expect(() => parse('ssh://git:hunter2@host.test/x')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('hunter2') }),
    );
  });
});

describe('composeAuthorization', () => {
  it.each([
    [{ username: 'u', password: 'p' }, 'Basic dTpw'],
    [{ username: '', password: 'pat' }, 'Basic OnBhdA=='],
    [{ bearer: 'jwt' }, 'Bearer jwt'],
    [{ username: '', password: '' }, undefined],
    [{ bearer: '' }, undefined],
    [undefined, undefined],
  ])('%j', (credentials, expected) => {
    expect(composeAuthorization(credentials)).toBe(expected);
  });
});
