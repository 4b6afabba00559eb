import { describe, expect, it } from 'vitest';
import { createDestinations, createNotifier, createPost } from '../../../src/notifications/index.ts';
import { createSystemClock } from '../../../src/runtime/index.ts';
import { eventually, eventuallyHolds } from '../../support/eventually.ts';
import { createKeptLog } from '../../support/git-host-log.ts';
import { tellingEvents } from '../../support/notices.ts';
import {
  isGenuine,
  type NotificationReceiver,
  startNotificationReceiver,
} from '../../support/notification-receiver.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const canary = 'CANARY-77c1';
const { failed, wrongConfig, stalled, recovered } = tellingEvents;

function start(receiver: NotificationReceiver, over: { allowPrivate?: boolean; timeoutMs?: number } = {}) {
  const { logger, lines } = createKeptLog();
  const url = (path: string) => [new URL(`${receiver.url}/${path}/${canary}`)];
  const { allowPrivate = true, timeoutMs = 5_000 } = over;
  const destinations = createDestinations({
    slack: [],
    teams: [],
    webhook: url('hook'),
    webhookSecret: secret,
  });
  const notifier = createNotifier(
    {
      ...{ destinations, quietMs: 3_600_000, gapMs: 0, maxWaiting: 3, maxAttempts: 3 },
      backoff: { initialMs: 5, maxMs: 20 },
    },
    {
      clock: createSystemClock(),
      random: Math.random,
      logger,
      post: createPost({ timeoutMs, allowPrivate }),
    },
  );
  return { notifier, lines, said: () => lines.join('\n') };
}

const kinds = ({ requests }: NotificationReceiver) =>
  requests.map(({ body }) => (JSON.parse(body) as { type: string }).type);

describe('notifications on the wire', () => {
  it('are one message for each event and subject, in order, and signed', async () => {
    await using receiver = await startNotificationReceiver();
    const { notifier } = start(receiver);
    for (const event of [failed, failed, wrongConfig, wrongConfig, stalled]) notifier.take(event);
    await eventuallyHolds(() => expect(receiver.requests).toHaveLength(3));
    notifier.take(recovered);
    await eventuallyHolds(() => expect(receiver.requests).toHaveLength(4));
    expect(kinds(receiver)).toEqual([
      'rollout.failed',
      'agent.wrong_config',
      'source.stalled',
      'source.recovered',
    ]);
    for (const request of receiver.requests) {
      expect(isGenuine(request, secret, Date.now())).toBe(true);
      expect(isGenuine(request, secret, Date.now() + 301_000)).toBe(false);
      expect(isGenuine({ ...request, body: `${request.body} ` }, secret, Date.now())).toBe(false);
    }
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(4);
    await notifier.close(1_000);
  });

  it.each([429, 500, 503, 'reset'] as const)('are tried again after %s, under the same id', async (fault) => {
    await using receiver = await startNotificationReceiver();
    receiver.answer(fault, fault);
    const { notifier } = start(receiver);
    notifier.take(failed);
    await eventuallyHolds(() => expect(receiver.requests).toHaveLength(3));
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    await notifier.close(1_000);
  });

  it('are tried again where no answer comes in time', async () => {
    await using receiver = await startNotificationReceiver();
    receiver.answer('hang');
    const { notifier, said } = start(receiver, { timeoutMs: 200 });
    notifier.take(failed);
    await eventuallyHolds(() => expect(receiver.requests).toHaveLength(2));
    expect(said()).toContain('NOTIFY_FAILED');
    await notifier.close(1_000);
  });

  it('wait as long as they are asked to', async () => {
    await using receiver = await startNotificationReceiver();
    receiver.answer({ status: 429, retryAfter: '3600' });
    const { notifier, said } = start(receiver);
    notifier.take(failed);
    await eventually(() => said().includes('is tried again'));
    notifier.take(stalled);
    await notifier.close(1_000);
    expect(receiver.requests).toHaveLength(1);
    expect(said()).toContain('notifications are lost by the stop');
  });

  it.each([400, 403, 404, 410, 302])('are given up after %s, and the next ones are not', async (status) => {
    await using receiver = await startNotificationReceiver();
    receiver.answer(status);
    const { notifier, said } = start(receiver);
    notifier.take(failed);
    notifier.take(stalled);
    await eventuallyHolds(() => expect(kinds(receiver)).toEqual(['rollout.failed', 'source.stalled']));
    expect(said()).toContain('NOTIFY_REFUSED');
    await notifier.close(1_000);
  });

  it('are given up after the last attempt', async () => {
    await using receiver = await startNotificationReceiver();
    receiver.answer(500, 500, 500);
    const { notifier, said } = start(receiver);
    notifier.take(failed);
    notifier.take(stalled);
    await eventuallyHolds(() => expect(receiver.requests).toHaveLength(4));
    expect(said()).toContain('could not be delivered');
    await notifier.close(1_000);
  });

  it('wait in a queue that is bounded: the oldest goes', async () => {
    await using receiver = await startNotificationReceiver();
    receiver.answer('hang');
    const { notifier, said } = start(receiver, { timeoutMs: 1_000 });
    notifier.take(failed);
    for (const config of ['a', 'b', 'c', 'd', 'e']) notifier.take({ ...failed, config });
    await eventuallyHolds(() => expect(receiver.requests).toHaveLength(5));
    const told = receiver.requests.map(
      ({ body }) => (JSON.parse(body) as { data: { config: string } }).data.config,
    );
    expect(told).toEqual(['edge', 'edge', 'c', 'd', 'e']);
    expect(said()).toContain('one is dropped');
    await notifier.close(1_000);
  });

  it('never go to a private address unless that is allowed, by number or by name', async () => {
    await using receiver = await startNotificationReceiver();
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      const url = new URL(receiver.url.replace('127.0.0.1', host));
      const post = createPost({ timeoutMs: 5_000, allowPrivate: false });
      const failure = post(url, { body: '{}', headers: {} }, new AbortController().signal);
      await expect(failure).rejects.toMatchObject({
        code: 'NOTIFY_REFUSED',
        message: 'it has a private address',
      });
    }
    expect(receiver.requests).toEqual([]);
  });

  it('leave no URL and no secret in the log', async () => {
    const { lines, logged } = await (async () => {
      await using receiver = await startNotificationReceiver();
      receiver.answer(404, 500, 'reset');
      const { notifier, lines: kept } = start(receiver);
      for (const event of [failed, stalled, wrongConfig]) notifier.take(event);
      await eventuallyHolds(() => expect(receiver.requests.length).toBeGreaterThanOrEqual(4));
      await notifier.close(1_000);
      return { lines: kept, logged: kept.join('\n') };
    })();
    expect(lines.length).toBeGreaterThan(0);
    expect(logged).not.toContain(canary);
    expect(logged).not.toContain(secret);
  });
});
