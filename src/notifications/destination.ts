import { createHash } from 'node:crypto';
import type { Notice } from './notice.ts';
import { signWebhook } from './sign-webhook.ts';
import { composeSlackPayload } from './slack-payload.ts';
import { composeTeamsPayload } from './teams-payload.ts';
import { composeWebhookPayload } from './webhook-payload.ts';

/** One request's body and headers, made anew for each attempt. */
export interface Payload {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Somewhere that notices go. */
export interface Destination {
  /** Names it in the log: its URL is a secret. */
  readonly name: string;
  readonly url: URL;
  /** `now` in milliseconds since the epoch. */
  compose(notice: Notice, now: number): Payload;
}

/** The URLs of everywhere that notices go; all of them, and the secret, are secrets. */
export interface DestinationUrls {
  readonly slack: readonly URL[];
  readonly teams: readonly URL[];
  readonly webhook: readonly URL[];
  /** What signed webhooks are signed with; needed where there is one. */
  readonly webhookSecret?: string;
}

/** A destination for each URL. */
export function createDestinations(urls: DestinationUrls): readonly Destination[] {
  const { webhookSecret = '' } = urls;
  const named = (kind: string, all: readonly URL[], compose: Destination['compose']): Destination[] =>
    all.map((url, index) => ({ name: all.length > 1 ? `${kind} ${index + 1}` : kind, url, compose }));
  return [
    ...named('slack', urls.slack, (notice) => toPayload(composeSlackPayload(notice))),
    ...named('teams', urls.teams, (notice) => toPayload(composeTeamsPayload(notice))),
    ...named('webhook', urls.webhook, (notice, now) => {
      const payload = toPayload(composeWebhookPayload(notice));
      return { ...payload, headers: signWebhook(webhookSecret, idOf(notice), now, payload.body) };
    }),
  ];
}

function toPayload(body: object): Payload {
  return { body: JSON.stringify(body), headers: {} };
}

/** The same for every attempt, so that a receiver knows a message that it has. */
function idOf({ kind, subject, at, repeats, instance = '' }: Notice): string {
  const text = JSON.stringify([kind, subject, at, repeats, instance]);
  return `msg_${createHash('sha256').update(text).digest('hex').slice(0, 32)}`;
}
