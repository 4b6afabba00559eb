import { describe, expect, it } from 'vitest';
import { loadSettings, type SettingSources } from '../../../src/runtime/index.ts';

function load(sources: Partial<Omit<SettingSources, 'file'>> & { readonly file?: string }) {
  const { file, ...rest } = sources;
  return loadSettings({
    flags: {},
    environment: {},
    readFile: (path) => {
      if (path === '/run/secrets/git') return 'from-a-file\n';
      throw new Error('ENOENT');
    },
    ...rest,
    ...(file !== undefined && { file: { name: 'muster.yaml', bytes: new TextEncoder().encode(file) } }),
  });
}

describe('precedence', () => {
  const flags = { poll: '1s' };
  const environment = { MUSTER_POLL: '2s' };
  const file = 'poll: 3s\n';

  it.each([
    ['a flag over all', { flags, environment, file }, 1_000],
    ['the environment over the file', { environment, file }, 2_000],
    ['the file over the default', { file }, 3_000],
    ['the default', {}, 30_000],
    ['an empty variable counts as absent', { environment: { MUSTER_POLL: '' }, file }, 3_000],
  ])('%s', (_, sources, poll) => {
    expect(load(sources).poll).toBe(poll);
  });

  it('keys of the file may be nested or dotted', () => {
    const nested = load({ file: 'opamp: 0.0.0.0:1\nstatus:\n  host: gitea\n' });
    expect(nested).toMatchObject({ opamp: '0.0.0.0:1', 'status.host': 'gitea' });
    expect(load({ file: 'status.host: gitea\n' })['status.host']).toBe('gitea');
  });
});

describe('secrets', () => {
  it.each([
    ['on the command line', { flags: { store: 'postgres://u:canary@h/d' } }, /^--store holds a password/],
    ['in the file', { file: 'store: postgres://u:canary@h/d\n' }, /^muster.yaml: store holds a password/],
    ['as a parameter', { flags: { store: 'postgres://h/d?password=canary' } }, /holds a password/],
  ])('a password in the store URL %s is refused, and not shown', (_, sources, message) => {
    expect(() => load(sources)).toThrow(message);
    expect(() => load(sources)).not.toThrow(/canary/);
  });

  it('the store URL has its password from the environment or a file', () => {
    const url = 'postgres://u:p@h/d';
    expect(load({ environment: { MUSTER_STORE: url } }).store).toBe(url);
    expect(load({ environment: { MUSTER_STORE_FILE: '/run/secrets/git' } }).store).toBe('from-a-file');
    expect(load({ flags: { store: 'postgres://u@h/d' } }).store).toBe('postgres://u@h/d');
  });

  it('come from the environment', () => {
    expect(load({ environment: { MUSTER_GIT_PASSWORD: 'p' } })['git.password']).toBe('p');
  });

  it('or from the file that …_FILE names, without its last newline', () => {
    const environment = { MUSTER_GIT_PASSWORD_FILE: '/run/secrets/git' };
    expect(load({ environment })['git.password']).toBe('from-a-file');
  });

  it('are refused in the settings file', () => {
    expect(() => load({ file: 'git: {password: hunter2}\n' })).toThrow(
      expect.objectContaining({
        code: 'SETTINGS_INVALID',
        message: expect.not.stringContaining('hunter2'),
        hint: 'Set MUSTER_GIT_PASSWORD or MUSTER_GIT_PASSWORD_FILE instead.',
      }),
    );
  });

  it('a file that cannot be read is told by its name', () => {
    expect(() => load({ environment: { MUSTER_STATUS_TOKEN_FILE: '/nope' } })).toThrow(
      'MUSTER_STATUS_TOKEN_FILE names a file that cannot be read: /nope',
    );
  });
});

describe('faults name their source and what is expected', () => {
  it.each([
    ['a duration', { environment: { MUSTER_POLL: 'soon' } }, /MUSTER_POLL must be a duration/],
    ['a number', { file: 'workers: two\n' }, /muster\.yaml: workers must be a whole number, not "two"/],
    ['a boolean', { file: 'metrics: {public: maybe}\n' }, /metrics\.public must be true or false/],
    ['a choice', { file: 'status: {host: svn}\n' }, /status\.host must be one of auto, github/],
    ['an address', { file: 'http: 99999\n' }, /http must be host:port/],
    ['an unknown key', { file: 'pol: 3s\n' }, /unknown setting "pol"/],
    ['an unknown nested key', { file: 'status: {hots: x}\n' }, /unknown setting "status\.hots"/],
    ['a list', { file: '- a\n' }, /must hold keys and values|unknown setting/],
    ['broken YAML', { file: 'poll: [\n' }, /^muster\.yaml:\d+:\d+ /],
  ])('%s', (_, sources, message) => {
    expect(() => load(sources)).toThrow(message);
  });
});
