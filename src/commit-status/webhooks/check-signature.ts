import { hmacSha256, isSameSecret } from './compare-secrets.ts';
import type { WebhookRefusal, WebhookSource } from './webhook-event.ts';

/** A webhook as it came: header names in lower case, the body's raw bytes. */
export interface SignedRequest {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

/**
 * Whether one of the secrets signed the request, in the form of its host; the refusal where none did. `now` in
 * milliseconds since the epoch judges signatures that hold a time.
 */
export function checkSignature(
  source: WebhookSource,
  request: SignedRequest,
  secrets: readonly string[],
  now: number,
): WebhookRefusal | undefined {
  const { headers } = request;
  switch (source) {
    case 'github':
      return checkHmac(headers['x-hub-signature-256'], 'sha256=', request, secrets);
    case 'gitea':
      return checkHmac(headers['x-forgejo-signature'] ?? headers['x-gitea-signature'], '', request, secrets);
    case 'gitlab':
      return checkGitlab(request, secrets, now);
    case 'bitbucket':
      // Data Center signs, or sends a password, as the administrator chose.
      return headers['x-hub-signature'] === undefined && headers['x-event-key'] !== undefined
        ? checkPassword(headers, secrets)
        : checkHmac(headers['x-hub-signature'], 'sha256=', request, secrets);
    case 'azure':
      return checkPassword(headers, secrets);
  }
}

function checkHmac(
  header: string | undefined,
  prefix: string,
  { body }: SignedRequest,
  secrets: readonly string[],
): WebhookRefusal | undefined {
  if (header === undefined) return 'not signed';
  if (!header.startsWith(prefix)) return 'wrong signature';
  const given = header.slice(prefix.length).toLowerCase();
  const matches = secrets.map((secret) => isSameSecret(given, hmacSha256(secret, body).toString('hex')));
  return matches.includes(true) ? undefined : 'wrong signature';
}

/** GitLab sends the secret as it is; since 2026 it can sign instead (Standard Webhooks 1.0), then with a time. */
function checkGitlab(
  request: SignedRequest,
  secrets: readonly string[],
  now: number,
): WebhookRefusal | undefined {
  const { headers } = request;
  if (headers['webhook-signature'] !== undefined) return checkStandard(request, secrets, now);
  const token = headers['x-gitlab-token'];
  if (token === undefined) return 'not signed';
  // A key for signing is never sent: whoever sends one has read it somewhere.
  const plain = secrets.filter((secret) => !secret.startsWith(keyPrefix));
  const matches = plain.map((secret) => isSameSecret(token, secret));
  return matches.includes(true) ? undefined : 'wrong signature';
}

const keyPrefix = 'whsec_';
const maxAgeMs = 5 * 60_000;

function checkStandard(
  { headers, body }: SignedRequest,
  secrets: readonly string[],
  now: number,
): WebhookRefusal | undefined {
  const { 'webhook-id': id = '', 'webhook-timestamp': at = '', 'webhook-signature': given = '' } = headers;
  const keys = secrets.filter((secret) => secret.startsWith(keyPrefix));
  const wanted = keys.map((key) => {
    const bytes = Buffer.from(key.slice(keyPrefix.length), 'base64');
    return `v1,${hmacSha256(bytes, `${id}.${at}.`, body).toString('base64')}`;
  });
  const offered = given.split(' ').slice(0, 8);
  const matches = wanted.flatMap((text) => offered.map((one) => isSameSecret(one, text)));
  if (!matches.includes(true)) return 'wrong signature';
  const isFresh = /^\d{1,12}$/.test(at) && Math.abs(now - Number(at) * 1000) <= maxAgeMs;
  return isFresh ? undefined : 'too old';
}

/** A password by basic authentication, whatever the user, or in a header of our own. */
function checkPassword(
  headers: SignedRequest['headers'],
  secrets: readonly string[],
): WebhookRefusal | undefined {
  const given = headers['x-muster-secret'] ?? basicPassword(headers.authorization);
  if (given === undefined) return 'not signed';
  const matches = secrets.map((secret) => isSameSecret(given, secret));
  return matches.includes(true) ? undefined : 'wrong signature';
}

function basicPassword(authorization: string | undefined): string | undefined {
  const encoded = /^basic +([A-Za-z0-9+/=_-]{1,4096})$/i.exec(authorization ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  return pair.includes(':') ? pair.slice(pair.indexOf(':') + 1) : undefined;
}
