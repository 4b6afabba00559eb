import { checkSignature, type SignedRequest } from './check-signature.ts';
import { sha256 } from './compare-secrets.ts';
import type { DeliveryLog } from './delivery-log.ts';
import { readEvent } from './read-event.ts';
import type { WebhookSource, WebhookVerdict } from './webhook-event.ts';

export interface WebhookRequest extends SignedRequest {
  /** By the path that was called, never by headers: Forgejo sends those of GitHub too. */
  readonly source: WebhookSource;
}

export interface WebhookContext {
  /** The secret, and during a rotation the other one too; empty ones count for nothing. */
  readonly secrets: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly seen: DeliveryLog;
}

/** Most bytes of a webhook: GitHub sends no larger one. Whoever reads the body stops there. */
export const maxWebhookBytes = 25 * 1024 * 1024;

/**
 * Judges a webhook by its signature and whether it was seen before, and tells what it is about. A body is parsed only
 * once it is known who sent it.
 */
export function verifyWebhook(request: WebhookRequest, context: WebhookContext): WebhookVerdict {
  const { source, headers, body } = request;
  const secrets = context.secrets.filter((secret) => secret !== '');
  if (secrets.length === 0) return { kind: 'refused', reason: 'no secret is configured' };
  if (body.byteLength > maxWebhookBytes) return { kind: 'refused', reason: 'too large' };
  const refusal = checkSignature(source, request, secrets, context.now);
  if (refusal) return { kind: 'refused', reason: refusal };
  const payload = parsePayload(headers['content-type'], body);
  if (payload === undefined) return { kind: 'refused', reason: 'not JSON' };
  const event = readEvent(source, headers, payload);
  // Most hosts do not sign the name of the delivery, so a replay could bear another: the signed bytes count as well.
  const names = [`${source} ${sha256(body).toString('hex')}`];
  if (event.deliveryId !== '') names.push(`${source} ${event.deliveryId}`);
  if (!context.seen.add(names, context.now)) return { kind: 'refused', reason: 'seen before' };
  return { kind: 'accepted', event };
}

type Payload = Readonly<Record<string, unknown>>;

function parsePayload(contentType: string | undefined, body: Uint8Array): Payload | undefined {
  if (!/^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i.test(contentType ?? '')) return undefined;
  try {
    const payload: unknown = JSON.parse(Buffer.from(body).toString('utf8'));
    const isObject = typeof payload === 'object' && payload !== null && !Array.isArray(payload);
    return isObject ? (payload as Payload) : undefined;
  } catch {
    return undefined;
  }
}
