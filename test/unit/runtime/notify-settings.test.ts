import { describe, expect, it } from 'vitest';
import { loadSettings, readServiceSettings } from '../../../src/runtime/index.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

function read(environment: Record<string, string>, files: Record<string, string> = {}) {
  const values = loadSettings({
    flags: { repo: '/fleet' },
    environment,
    readFile: (path) => files[path] ?? '',
  });
  return readServiceSettings(values).notify;
}

describe('the settings under notify', () => {
  it('tell nobody by themselves', () => {
    expect(read({})).toEqual({ slack: [], teams: [], webhook: [], quietMs: 600_000, allowPrivate: false });
  });

  it('take several URLs, and files', () => {
    const urls = 'https://hooks.slack.example/a, https://hooks.slack.example/b';
    const { slack } = read({ MUSTER_NOTIFY_SLACK_URL_FILE: '/s' }, { '/s': `${urls}\n` });
    expect(slack.map(({ href }) => href)).toEqual(urls.split(', '));
  });

  it('refuse a URL without repeating it', () => {
    expect(() => read({ MUSTER_NOTIFY_TEAMS_URL: 'http://inside.example/CANARY' })).toThrow(
      /^notify\.teams\.url holds something that is no https URL$/,
    );
    expect(
      read({ MUSTER_NOTIFY_TEAMS_URL: 'http://inside.example/', MUSTER_NOTIFY_ALLOW_PRIVATE: 'true' }).teams,
    ).toHaveLength(1);
  });

  it('want a secret for signed webhooks', () => {
    const url = { MUSTER_NOTIFY_WEBHOOK_URL: 'https://receiver.example/' };
    expect(() => read(url)).toThrow(/notify\.webhook\.secret/);
    expect(() => read({ ...url, MUSTER_NOTIFY_WEBHOOK_SECRET: 'short' })).toThrow(/notify\.webhook\.secret/);
    expect(read({ ...url, MUSTER_NOTIFY_WEBHOOK_SECRET: secret }).webhookSecret).toBe(secret);
  });

  it('are refused in the settings file', () => {
    const file = {
      name: 'muster.yaml',
      bytes: new TextEncoder().encode('notify: {slack: {url: https://x.example}}'),
    };
    expect(() => loadSettings({ flags: {}, environment: {}, file, readFile: () => '' })).toThrow(
      /is a secret/,
    );
  });
});
