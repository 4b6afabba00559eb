import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { expect, it, onTestFinished } from 'vitest';
import { forwardRequest } from '../../../src/http-api/forward.ts';
import { createStandbyApp, serveHttp } from '../../../src/http-api/index.ts';
import { createStreamPair } from '../../../src/runtime/index.ts';
import { eventually } from '../../support/eventually.ts';

/** A process that does not lead; what it passes on comes to `leader`. */
async function startStandby(openToLeader: () => Promise<Duplex>) {
  const app = createStandbyApp({
    readiness: () => ({ ready: true, body: {} }),
    connections: () => 0,
    openToLeader,
  });
  const server = await serveHttp(app, { host: '127.0.0.1', port: 0, basePath: '/' });
  onTestFinished(() => server.close());
  return server.url;
}

it('who leaves before the leader has answered leaves no stream to it', async () => {
  const [here, there] = createStreamPair();
  const url = await startStandby(() => Promise.resolve(here));
  const request = httpRequest(new URL('/api/v1/agents', url)).on('error', () => {});
  request.end();
  await new Promise((resolve) => there.once('data', resolve));
  request.destroy();
  await eventually(() => there.destroyed || undefined);
});

it('who leaves before there is a stream to the leader leaves none', async () => {
  const [here, there] = createStreamPair();
  let open = () => {};
  let isAsked = false;
  const url = await startStandby(() => {
    isAsked = true;
    return new Promise((resolve) => {
      open = () => resolve(here);
    });
  });
  const request = httpRequest(new URL('/api/v1/agents', url)).on('error', () => {});
  request.end();
  await eventually(() => isAsked || undefined);
  request.destroy();
  // Another caller is answered after that one's leaving was noticed.
  await fetch(new URL('/healthz', url));
  open();
  await eventually(() => there.destroyed || undefined);
});

it('a leader that hangs is not waited for: the caller is told to try again', async () => {
  const [here, there] = createStreamPair();
  const request = new Request('http://127.0.0.1/api/v1/agents');
  const answer = await forwardRequest(request, '10.0.0.9', () => Promise.resolve(here), 50);
  expect(answer.status).toBe(503);
  expect(await answer.json()).toMatchObject({ detail: expect.stringContaining('try again') });
  await eventually(() => there.destroyed || undefined);
});

it('a caller says nothing of itself that only the first hop may say', async () => {
  const [here, there] = createStreamPair();
  const url = await startStandby(() => Promise.resolve(here));
  const headers = { forwarded: 'for=127.0.0.1', 'x-forwarded-for': '10.0.0.9', te: 'trailers', 'x-hop': '1' };
  const request = httpRequest(new URL('/api/v1/agents', url), {
    headers: { ...headers, connection: 'close, x-hop, x-forwarded-for' },
  });
  const answered = new Promise<IncomingMessage>((resolve) => request.once('response', resolve));
  request.end();
  const head = await new Promise<string>((resolve) => there.once('data', (bytes) => resolve(`${bytes}`)));
  there.write('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
  expect((await answered).statusCode).toBe(200);
  expect(head.toLowerCase()).toContain('x-forwarded-for: 10.0.0.9, 127.0.0.1\r\n');
  expect(head.toLowerCase()).not.toMatch(/^(forwarded|te):/m);
});

it('who follows events is cut off, wherever from, and may ask again', async () => {
  const endless = () => new ReadableStream({ start: (stream) => stream.enqueue(Buffer.from('data: 1\n\n')) });
  const app = {
    fetch: ({ url }: Request) => new Response(new URL(url).pathname === '/events' ? endless() : 'ok'),
  };
  const server = await serveHttp(app, { host: '127.0.0.1', port: 0, basePath: '/' });
  onTestFinished(() => server.close());
  const direct = await fetch(new URL('/events', server.url));
  const [here, there] = createStreamPair();
  server.adopt(there);
  here.write('GET /events HTTP/1.1\r\nhost: muster\r\n\r\n');
  await new Promise((resolve) => here.once('data', resolve));
  server.cut();
  await expect(direct.text()).rejects.toThrow();
  await eventually(() => here.destroyed || undefined);
  expect(await (await fetch(new URL('/healthz', server.url))).text()).toBe('ok');
});
