import { MusterError } from '../model/index.ts';
import type { SettingKey, SettingValues } from './settings.ts';

/** Who is told of failures. The URLs are secrets. */
export interface NotifySettings {
  readonly slack: readonly URL[];
  readonly teams: readonly URL[];
  readonly webhook: readonly URL[];
  /** What signed webhooks are signed with; given where there is one. */
  readonly webhookSecret?: string;
  /** Milliseconds. */
  readonly quietMs: number;
  readonly allowPrivate: boolean;
}

const minSecret = 24;

/** Reads the settings under `notify`. Throws `SETTINGS_INVALID`, without the values, where they are no URLs or lack a secret. */
export function readNotify(values: SettingValues): NotifySettings {
  const allowPrivate = values['notify.allowPrivate'] === true;
  const urls = (key: SettingKey) => readUrls(values, key, allowPrivate);
  const webhook = urls('notify.webhook.url');
  const secret = String(values['notify.webhook.secret'] ?? '');
  if (webhook.length > 0 && secret.length < minSecret)
    throw invalid(
      'notify.webhook.secret is missing or too short',
      `Set MUSTER_NOTIFY_WEBHOOK_SECRET to at least ${minSecret} characters.`,
    );
  return {
    slack: urls('notify.slack.url'),
    teams: urls('notify.teams.url'),
    webhook,
    ...(webhook.length > 0 && { webhookSecret: secret }),
    quietMs: Number(values['notify.quiet']),
    allowPrivate,
  };
}

function readUrls(values: SettingValues, key: SettingKey, allowPrivate: boolean): readonly URL[] {
  const texts = String(values[key] ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '');
  return texts.map((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url?.protocol === 'https:' || (allowPrivate && url?.protocol === 'http:')) return url;
    throw invalid(
      `${key} holds something that is no https URL`,
      'Copy the whole address of the webhook; notify.allowPrivate takes http: too.',
    );
  });
}

function invalid(message: string, hint: string): MusterError {
  return new MusterError('SETTINGS_INVALID', message, { disposition: 'stalled', hint });
}
