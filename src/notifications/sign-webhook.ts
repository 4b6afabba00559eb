import { createHmac } from 'node:crypto';

const keyPrefix = 'whsec_';

/**
 * Headers that prove who sent a body and when, by HMAC-SHA256 over id, time and body (Standard Webhooks 1.0,
 * "Signature scheme"). `now` in milliseconds since the epoch; a secret without `whsec_` is taken as its UTF-8 bytes.
 */
export function signWebhook(
  secret: string,
  id: string,
  now: number,
  body: string,
): Readonly<Record<'webhook-id' | 'webhook-timestamp' | 'webhook-signature', string>> {
  const key = secret.startsWith(keyPrefix)
    ? Buffer.from(secret.slice(keyPrefix.length), 'base64')
    : Buffer.from(secret);
  const at = String(Math.floor(now / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': `v1,${signature}` };
}
