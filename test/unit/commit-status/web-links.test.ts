import { expect, it } from 'vitest';
import { guessHost } from '../../../src/commit-status/guess-host.ts';
import { webLinks } from '../../../src/commit-status/web-links.ts';

const sha = 'f'.repeat(40);
const fill = (template = '') =>
  template
    .replace('{sha}', sha)
    .replace('{path}', 'tenants/acme/edge.yaml')
    .replaceAll('{line}', '7')
    .replace('{number}', '482');

it.each([
  [
    'https://github.com/acme/fleet.git',
    `https://github.com/acme/fleet/blob/${sha}/tenants/acme/edge.yaml#L7`,
    'https://github.com/acme/fleet/pull/482',
  ],
  [
    'git@github.com:acme/fleet.git',
    `https://github.com/acme/fleet/blob/${sha}/tenants/acme/edge.yaml#L7`,
    'https://github.com/acme/fleet/pull/482',
  ],
  [
    'https://acme.ghe.com/obs/fleet',
    `https://acme.ghe.com/obs/fleet/blob/${sha}/tenants/acme/edge.yaml#L7`,
    'https://acme.ghe.com/obs/fleet/pull/482',
  ],
  [
    'https://github.example.com/obs/fleet',
    `https://github.example.com/obs/fleet/blob/${sha}/tenants/acme/edge.yaml#L7`,
    'https://github.example.com/obs/fleet/pull/482',
  ],
  [
    'https://someone:secret@gitlab.example.com/group/sub/fleet.git',
    `https://gitlab.example.com/group/sub/fleet/-/blob/${sha}/tenants/acme/edge.yaml#L7`,
    'https://gitlab.example.com/group/sub/fleet/-/merge_requests/482',
  ],
  [
    'https://codeberg.org/acme/fleet',
    `https://codeberg.org/acme/fleet/src/commit/${sha}/tenants/acme/edge.yaml#L7`,
    'https://codeberg.org/acme/fleet/pulls/482',
  ],
  [
    'git@bitbucket.org:acme/fleet.git',
    `https://bitbucket.org/acme/fleet/src/${sha}/tenants/acme/edge.yaml#lines-7`,
    'https://bitbucket.org/acme/fleet/pull-requests/482',
  ],
  [
    'https://bitbucket.example.com/scm/obs/fleet.git',
    `https://bitbucket.example.com/projects/obs/repos/fleet/browse/tenants/acme/edge.yaml?at=${sha}#7`,
    'https://bitbucket.example.com/projects/obs/repos/fleet/pull-requests/482',
  ],
  [
    'https://bitbucket.example.com/scm/~ada/fleet.git',
    `https://bitbucket.example.com/users/ada/repos/fleet/browse/tenants/acme/edge.yaml?at=${sha}#7`,
    'https://bitbucket.example.com/users/ada/repos/fleet/pull-requests/482',
  ],
  [
    'git@ssh.dev.azure.com:v3/acme/obs team/fleet',
    `https://dev.azure.com/acme/obs%20team/_git/fleet?path=/tenants/acme/edge.yaml&version=GC${sha}&line=7&lineEnd=7&lineStartColumn=1&lineEndColumn=999`,
    'https://dev.azure.com/acme/obs%20team/_git/fleet/pullrequest/482',
  ],
])('of %s', (remote, file, pull) => {
  const links = webLinks(guessHost(remote), '.');
  expect([fill(links?.file), fill(links?.pull)]).toEqual([file, pull]);
});

it('has the folder of the fleet before the path of a file', () => {
  const links = webLinks(guessHost('https://github.com/acme/mono'), './fleets/eu west/');
  expect(fill(links?.file)).toBe(
    `https://github.com/acme/mono/blob/${sha}/fleets/eu%20west/tenants/acme/edge.yaml#L7`,
  );
});

it.each(['/srv/fleet.git', 'https://git.example.com/acme/fleet', 'ssh://git.example.com/fleet'])(
  'has no links for %s',
  (remote) => expect(webLinks(guessHost(remote), '')).toBeNull(),
);

it('follows the host that the settings name, and never leads to another scheme', () => {
  const host = guessHost('https://git.example.com/acme/fleet', { type: 'gitea' });
  expect(fill(webLinks(host, '')?.commit)).toBe(`https://git.example.com/acme/fleet/commit/${sha}`);
  expect(webLinks({ ...host, apiUrl: 'javascript:alert(1)' }, '')).toBeNull();
});
