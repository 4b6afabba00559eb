import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  createDeliveryLog,
  maxWebhookBytes,
  verifyWebhook,
  type WebhookRequest,
} from '../../../../src/commit-status/index.ts';
import { requestOf, samples, secret, sign } from './payloads.ts';

const now = Date.UTC(2026, 10, 22);
const context = (parts: object = {}) => ({ secrets: [secret], now, seen: createDeliveryLog(), ...parts });
const refused = (reason: string) => ({ kind: 'refused', reason });
const oneOf = (source: string) => {
  const sample = samples.find((one) => one.source === source);
  if (!sample) throw new Error(`no sample of ${source}`);
  return sample;
};

describe.each(samples)('$name', (sample) => {
  it('is accepted with what it tells', () => {
    expect(verifyWebhook(requestOf(sample), context())).toEqual({ kind: 'accepted', event: sample.event });
  });

  it('is refused when it was signed with another secret', () => {
    expect(verifyWebhook(requestOf(sample, 'guess'), context())).toEqual(refused('wrong signature'));
  });

  it('is refused when nobody signed it', () => {
    const request = requestOf(sample);
    const signed = Object.keys(sign(sample.source, request.body));
    const headers = Object.fromEntries(
      Object.entries(request.headers).filter(([name]) => !signed.includes(name)),
    );
    expect(verifyWebhook({ ...request, headers }, context())).toEqual(refused('not signed'));
  });

  it('is refused the second time, also under another name', () => {
    const seen = createDeliveryLog();
    const request = requestOf(sample);
    verifyWebhook(request, context({ seen }));
    expect(verifyWebhook(request, context({ seen }))).toEqual(refused('seen before'));
    const renamed = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        /deliver|uuid|request-id|idem/.test(name) ? 'other' : value,
      ]),
    );
    expect(verifyWebhook({ ...request, headers: renamed }, context({ seen }))).toEqual(
      refused('seen before'),
    );
  });

  it('is accepted with either secret during a rotation', () => {
    const rotating = context({ secrets: ['new-secret', secret] });
    expect(verifyWebhook(requestOf(sample), rotating).kind).toBe('accepted');
  });
});

describe.each(['github', 'gitea', 'bitbucket'])('%s', (source) => {
  it('is refused when a byte was changed on its way', () => {
    const request = requestOf(oneOf(source));
    const body = Buffer.from(request.body);
    body[body.length - 2] = 0x20;
    expect(verifyWebhook({ ...request, body }, context())).toEqual(refused('wrong signature'));
  });
});

describe('secrets', () => {
  it.each([[[]], [['']]])('%j accept nothing, not even what is signed with nothing', (secrets) => {
    const request = requestOf(oneOf('github'), '');
    expect(verifyWebhook(request, context({ secrets }))).toEqual(refused('no secret is configured'));
  });

  it('are no prefixes of themselves', () => {
    const request = requestOf(oneOf('gitlab'));
    for (const token of [secret.slice(0, -1), `${secret}x`, '']) {
      const headers = { ...request.headers, 'x-gitlab-token': token };
      expect(verifyWebhook({ ...request, headers }, context())).toEqual(refused('wrong signature'));
    }
  });

  it("of GitHub's older SHA-1 header count for nothing", () => {
    const { 'x-hub-signature-256': _, ...headers } = requestOf(oneOf('github')).headers;
    const sha1 = createHmac('sha1', secret)
      .update(requestOf(oneOf('github')).body)
      .digest('hex');
    const request = {
      ...requestOf(oneOf('github')),
      headers: { ...headers, 'x-hub-signature': `sha1=${sha1}` },
    };
    expect(verifyWebhook(request, context())).toEqual(refused('not signed'));
  });

  it('reach Azure and Bitbucket Data Center as a password or in a header of ours', () => {
    const dataCenter = samples.find(({ headers }) => headers['x-event-key'] === 'repo:refs_changed');
    for (const sample of [oneOf('azure'), dataCenter ?? oneOf('azure')]) {
      const { authorization: _, 'x-hub-signature': __, ...bare } = requestOf(sample).headers;
      const basic = `Basic ${Buffer.from(`:${secret}`).toString('base64')}`;
      for (const headers of [{ 'x-muster-secret': secret }, { authorization: basic }])
        expect(
          verifyWebhook({ ...requestOf(sample), headers: { ...bare, ...headers } }, context()).kind,
        ).toBe('accepted');
    }
  });
});

describe("GitLab's signature (Standard Webhooks)", () => {
  const key = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  const signed = (at: number, body = requestOf(oneOf('gitlab')).body): WebhookRequest => {
    const timestamp = String(Math.floor(at / 1000));
    const mac = createHmac('sha256', Buffer.alloc(32, 7))
      .update(`msg_1.${timestamp}.`)
      .update(body)
      .digest('base64');
    return {
      source: 'gitlab',
      body,
      headers: {
        'content-type': 'application/json',
        'webhook-id': 'msg_1',
        'webhook-timestamp': timestamp,
        'webhook-signature': `v1a,other v1,${mac}`,
      },
    };
  };

  it('is accepted within five minutes', () => {
    const verdict = verifyWebhook(signed(now - 299_000), context({ secrets: [key] }));
    expect(verdict).toMatchObject({ kind: 'accepted', event: { type: 'push', deliveryId: 'msg_1' } });
  });

  it.each([-301_000, 301_000])('is refused %i ms away', (ms) => {
    expect(verifyWebhook(signed(now + ms), context({ secrets: [key] }))).toEqual(refused('too old'));
  });

  it('is refused when the time was changed', () => {
    const request = signed(now - 3_600_000);
    const headers = { ...request.headers, 'webhook-timestamp': String(now / 1000) };
    expect(verifyWebhook({ ...request, headers }, context({ secrets: [key] }))).toEqual(
      refused('wrong signature'),
    );
  });

  it('cannot be replaced by its key as a token', () => {
    const request = requestOf(oneOf('gitlab'), key);
    expect(verifyWebhook(request, context({ secrets: [key] }))).toEqual(refused('wrong signature'));
  });
});

describe('bodies', () => {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonx', undefined])(
    'as %s are refused',
    (type) => {
      const request = requestOf(oneOf('github'));
      const headers = { ...request.headers, 'content-type': type };
      expect(verifyWebhook({ ...request, headers }, context())).toEqual(refused('not JSON'));
    },
  );

  it('with a character set are taken', () => {
    const request = requestOf(oneOf('github'));
    const headers = { ...request.headers, 'content-type': 'application/json; charset=utf-8' };
    expect(verifyWebhook({ ...request, headers }, context()).kind).toBe('accepted');
  });

  it.each(['[]', 'null', '"x"', '{', ''])('of %j are refused though they are signed', (text) => {
    const body = Buffer.from(text);
    const headers = { ...requestOf(oneOf('github')).headers, ...sign('github', body) };
    expect(verifyWebhook({ source: 'github', headers, body }, context())).toEqual(refused('not JSON'));
  });

  it('of more than 25 MB are refused unread', () => {
    const body = new Uint8Array(maxWebhookBytes + 1);
    const headers = { ...requestOf(oneOf('github')).headers };
    expect(verifyWebhook({ source: 'github', headers, body }, context())).toEqual(refused('too large'));
  });

  it('name at most a hundred refs', () => {
    const changes = Array.from({ length: 300 }, (_, index) => ({ refId: `refs/heads/b${index}` }));
    const body = Buffer.from(JSON.stringify({ changes }));
    const headers = {
      'content-type': 'application/json',
      'x-event-key': 'repo:refs_changed',
      ...sign('bitbucket', body),
    };
    const verdict = verifyWebhook({ source: 'bitbucket', headers, body }, context());
    expect(verdict.kind === 'accepted' && verdict.event.refs).toHaveLength(100);
  });
});

describe('deliveries', () => {
  it('are forgotten after an hour', () => {
    const seen = createDeliveryLog();
    expect(seen.add(['a'], 0)).toBe(true);
    expect(seen.add(['a'], 3_599_999)).toBe(false);
    expect(seen.add(['a'], 3_600_000)).toBe(true);
  });

  it('are bounded, the oldest go first', () => {
    const seen = createDeliveryLog(3);
    for (const name of ['a', 'b', 'c', 'd']) seen.add([name], 0);
    expect(seen.add(['d'], 1)).toBe(false);
    expect(seen.add(['a'], 1)).toBe(true);
  });

  it('that were refused are not remembered', () => {
    const seen = createDeliveryLog();
    verifyWebhook(requestOf(oneOf('github'), 'guess'), context({ seen }));
    expect(verifyWebhook(requestOf(oneOf('github')), context({ seen })).kind).toBe('accepted');
  });
});
