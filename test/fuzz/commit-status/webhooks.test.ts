import { describe, expect, it } from 'vitest';
import { createDeliveryLog, verifyWebhook, type WebhookSource } from '../../../src/commit-status/index.ts';
import fc from '../../support/property.ts';
import { samples, secret, sign } from '../../unit/commit-status/webhooks/payloads.ts';

const sources: readonly WebhookSource[] = ['github', 'gitlab', 'gitea', 'bitbucket', 'azure'];
const headerNames = [...new Set(samples.flatMap(({ headers }) => Object.keys(headers)))];
const judge = (source: WebhookSource, headers: Record<string, string>, body: Uint8Array) =>
  verifyWebhook({ source, headers, body }, { secrets: [secret], now: 0, seen: createDeliveryLog() });

describe('webhooks of any shape', () => {
  it('are judged, never thrown at, and none is accepted without the secret', () => {
    const headers = fc.dictionary(
      fc.constantFrom(
        ...headerNames,
        'authorization',
        'content-type',
        'x-hub-signature',
        'x-hub-signature-256',
        'x-gitea-signature',
        'x-gitlab-token',
        'webhook-signature',
        'webhook-timestamp',
        'x-muster-secret',
      ),
      fc.string({ maxLength: 80 }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...sources),
        headers,
        fc.uint8Array({ maxLength: 400 }),
        (source, given, body) => {
          fc.pre(!Object.values(given).includes(secret));
          expect(judge(source, given, body).kind).toBe('refused');
        },
      ),
      { numRuns: 500 },
    );
  });

  it('with a good signature are read whatever their members hold', () => {
    const payload = fc.dictionary(
      fc.constantFrom(
        'ref',
        'number',
        'repository',
        'push',
        'changes',
        'pullRequest',
        'pullrequest',
        'resource',
        'eventType',
        'id',
        'object_kind',
        'object_attributes',
        'project',
        'merge_group',
      ),
      fc.jsonValue(),
    );
    const event = fc.constantFrom(...samples.map(({ headers }) => headers));
    fc.assert(
      fc.property(fc.constantFrom(...sources), event, payload, (source, headers, value) => {
        const body = Buffer.from(JSON.stringify(value));
        const all = { ...headers, 'content-type': 'application/json', ...sign(source, body) };
        const verdict = judge(source, all, body);
        if (verdict.kind === 'refused') throw new Error(verdict.reason);
        for (const ref of verdict.event.refs) expect(ref).toMatch(/^refs\//);
        expect(typeof verdict.event.repo).toBe('string');
      }),
      { numRuns: 500 },
    );
  });
});
