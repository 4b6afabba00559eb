import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createWebhookReceiver } from '../../../src/app/webhooks.ts';
import { createManualClock, createSilentLogger } from '../../../src/runtime/index.ts';

const encode = (text: string) => new TextEncoder().encode(text);

function receiver(secrets: readonly string[] = ['old', 'new']) {
  const asked: string[] = [];
  const receive = createWebhookReceiver({
    secrets,
    clock: createManualClock(),
    logger: createSilentLogger(),
    onPush: () => void asked.push('branch'),
    onPullRequest: () => void asked.push('pulls'),
  });
  let delivery = 0;
  const send = (event: string, over: { secret?: string; body?: string; id?: string } = {}) => {
    delivery += 1;
    const body = over.body ?? JSON.stringify({ number: delivery });
    const signature = createHmac('sha256', over.secret ?? 'new')
      .update(body)
      .digest('hex');
    const headers = {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': over.id ?? `d${delivery}`,
      'x-hub-signature-256': `sha256=${signature}`,
    };
    return receive('github', headers, encode(body));
  };
  return { receive, send, asked };
}

describe('webhooks', () => {
  it.each([
    ['push', ['branch', 'pulls']],
    ['pull_request', ['pulls']],
    ['merge_group', ['pulls']],
    ['ping', []],
    ['star', []],
  ])('%s asks for a look at %j', (event, wanted) => {
    const { send, asked } = receiver();
    expect(send(event)).toEqual({ accepted: true });
    expect(asked).toEqual(wanted);
  });

  it('are taken with either secret while it is changed', () => {
    const { send } = receiver();
    expect([send('ping', { secret: 'old' }), send('ping', { secret: 'new' })]).toEqual([
      { accepted: true },
      { accepted: true },
    ]);
  });

  it('are answered well the second time, and do nothing', () => {
    const { send, asked } = receiver();
    const body = '{"number":1}';
    expect([send('push', { body, id: 'a' }), send('push', { body, id: 'a' })]).toEqual([
      { accepted: true },
      { accepted: true },
    ]);
    expect(asked).toEqual(['branch', 'pulls']);
  });

  it('are refused where nobody signed them, no secret is set, or the host is unknown', () => {
    const { receive, send, asked } = receiver();
    expect(send('push', { secret: 'guess' })).toMatchObject({ accepted: false, status: 401 });
    expect(receive('github', {}, encode('{}'))).toMatchObject({ status: 401, reason: 'not signed' });
    expect(receive('sourcehut', {}, encode('{}'))).toMatchObject({ status: 404 });
    expect(send('push', { body: 'no json' })).toMatchObject({ status: 400 });
    expect(receiver([]).send('push')).toMatchObject({ status: 404, reason: 'no secret is configured' });
    expect(asked).toEqual([]);
  });
});
