import { describe, expect, it } from 'vitest';
import { guessHost } from '../../../src/commit-status/index.ts';

describe('guessHost', () => {
  it.each([
    ['https://github.com/acme/fleet.git', 'github', 'https://api.github.com', 'acme/fleet'],
    ['https://user:secret@github.com/acme/fleet', 'github', 'https://api.github.com', 'acme/fleet'],
    ['git@github.com:acme/fleet.git', 'github', 'https://api.github.com', 'acme/fleet'],
    ['ssh://git@ssh.github.com:443/acme/fleet.git', 'github', 'https://api.github.com', 'acme/fleet'],
    ['https://acme.ghe.com/acme/fleet', 'github', 'https://api.acme.ghe.com', 'acme/fleet'],
    [
      'https://github.acme.example/acme/fleet.git',
      'github',
      'https://github.acme.example/api/v3',
      'acme/fleet',
    ],
    ['https://gitlab.com/acme/team/fleet.git', 'gitlab', 'https://gitlab.com/api/v4', 'acme/team/fleet'],
    ['git@altssh.gitlab.com:acme/fleet.git', 'gitlab', 'https://gitlab.com/api/v4', 'acme/fleet'],
    [
      'ssh://git@gitlab.acme.example:2222/acme/fleet.git',
      'gitlab',
      'https://gitlab.acme.example/api/v4',
      'acme/fleet',
    ],
    ['https://codeberg.org/acme/fleet.git', 'gitea', 'https://codeberg.org/api/v1', 'acme/fleet'],
    ['http://gitea.local:3000/acme/fleet.git', 'gitea', 'http://gitea.local:3000/api/v1', 'acme/fleet'],
    [
      'https://forgejo.acme.example/git/acme/fleet',
      'gitea',
      'https://forgejo.acme.example/git/api/v1',
      'acme/fleet',
    ],
    ['https://bitbucket.org/acme/fleet.git', 'bitbucket', 'https://api.bitbucket.org/2.0', 'acme/fleet'],
    ['git@bitbucket.org:acme/fleet.git', 'bitbucket', 'https://api.bitbucket.org/2.0', 'acme/fleet'],
    [
      'https://bitbucket.acme.example/ctx/scm/PROJ/fleet.git',
      'bitbucket-server',
      'https://bitbucket.acme.example/ctx/rest/api/latest',
      'PROJ/fleet',
    ],
    [
      'ssh://git@bitbucket.acme.example:7999/~ada/fleet.git',
      'bitbucket-server',
      'https://bitbucket.acme.example/rest/api/latest',
      '~ada/fleet',
    ],
    [
      'https://dev.azure.com/acme/Fleet%20Ops/_git/fleet',
      'azure',
      'https://dev.azure.com/acme',
      'Fleet Ops/fleet',
    ],
    ['https://acme@dev.azure.com/acme/_git/fleet', 'azure', 'https://dev.azure.com/acme', 'fleet/fleet'],
    ['git@ssh.dev.azure.com:v3/acme/Ops/fleet', 'azure', 'https://dev.azure.com/acme', 'Ops/fleet'],
    ['acme@vs-ssh.visualstudio.com:v3/acme/Ops/fleet', 'azure', 'https://dev.azure.com/acme', 'Ops/fleet'],
    ['https://acme.visualstudio.com/Ops/_git/fleet', 'azure', 'https://acme.visualstudio.com', 'Ops/fleet'],
    [
      'https://acme.visualstudio.com/DefaultCollection/Ops/_git/fleet',
      'azure',
      'https://acme.visualstudio.com/DefaultCollection',
      'Ops/fleet',
    ],
    [
      'https://tfs.acme.example/tfs/Main/Ops/_git/_full/fleet',
      'azure',
      'https://tfs.acme.example/tfs/Main',
      'Ops/fleet',
    ],
  ])('%s is %s', (remote, type, apiUrl, repo) => {
    expect(guessHost(remote)).toEqual({ type, apiUrl, repo });
  });

  it.each([
    '/srv/git/fleet.git',
    'file:///srv/git/fleet.git',
    './fleet',
    'C:\\git\\fleet',
    '',
    'https://git.acme.example/a/b',
  ])('%s tells of no host', (remote) => {
    expect(guessHost(remote)).toEqual({ type: 'none', apiUrl: '', repo: '' });
  });

  it('lets every setting win', () => {
    const remote = 'https://git.acme.example/acme/fleet.git';
    expect(guessHost(remote, { type: 'gitlab' })).toEqual({
      type: 'gitlab',
      apiUrl: 'https://git.acme.example/api/v4',
      repo: 'acme/fleet',
    });
    expect(guessHost(remote, { type: 'none' }).type).toBe('none');
    expect(guessHost(remote, { type: 'github', apiUrl: 'https://api.example/v3/', repo: 'x/y' })).toEqual({
      type: 'github',
      apiUrl: 'https://api.example/v3',
      repo: 'x/y',
    });
  });

  it('takes a relative root from the address of the API', () => {
    const remote = 'https://acme.example/gitlab/acme/team/fleet.git';
    const apiUrl = 'https://acme.example/gitlab/api/v4';
    expect(guessHost(remote, { type: 'gitlab', apiUrl }).repo).toBe('acme/team/fleet');
  });

  it('serves a local clone when the settings name everything', () => {
    const settings = { type: 'github', apiUrl: 'https://api.github.com', repo: 'acme/fleet' } as const;
    expect(guessHost('/srv/git/fleet.git', settings)).toEqual(settings);
  });

  it('keeps credentials out of what it returns', () => {
    expect(JSON.stringify(guessHost('https://user:canary@gitlab.com/acme/fleet'))).not.toContain('canary');
  });
});
