import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A notification as it came over the wire. */
export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface NotificationReceiver extends AsyncDisposable {
  readonly url: string;
  /** Every request, in order. */
  readonly requests: readonly Received[];
  /** What the next requests are answered, one each; 200 beyond. `hang` answers nothing, `reset` breaks the connection. */
  answer(
    ...next: readonly (number | 'hang' | 'reset' | { readonly status: number; readonly retryAfter: string })[]
  ): void;
}

/** Receives webhooks on a free loopback port. */
export async function startNotificationReceiver(): Promise<NotificationReceiver> {
  const requests: Received[] = [];
  const answers: (number | 'hang' | 'reset' | { readonly status: number; readonly retryAfter: string })[] =
    [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = answers.shift() ?? 200;
      requests.push({
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      });
      if (answer === 'hang') return;
      if (answer === 'reset') return void request.socket.destroy();
      if (typeof answer === 'number') return void response.writeHead(answer).end('ok');
      response.writeHead(answer.status, { 'retry-after': answer.retryAfter }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answer: (...next) => void answers.push(...next),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * What a receiver does (docs/operations.md, "Notifications"): whether the request is signed with the secret and at most
 * five minutes old. Written from the specification, apart from what signs.
 */
export function isGenuine({ headers, body }: Received, secret: string, now: number): boolean {
  const [id, at, given = ''] = ['id', 'timestamp', 'signature'].map((name) =>
    String(headers[`webhook-${name}`]),
  );
  if (Math.abs(now / 1000 - Number(at)) > 300) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const wanted = Buffer.from(
    `v1,${createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')}`,
  );
  const offered = Buffer.from(given);
  return offered.length === wanted.length && timingSafeEqual(offered, wanted);
}
