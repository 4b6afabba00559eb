import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../../support/console.ts';

const asked: string[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ items: [], next: null }));
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
beforeEach(() => {
  asked.length = 0;
});
afterAll(async () => {
  server.close();
  await once(server, 'close');
});

const list = (...args: readonly string[]) =>
  runCommand([
    ...['agents', 'list', '--server', `http://127.0.0.1:${(server.address() as AddressInfo).port}`],
    ...args,
  ]);

describe('muster agents list asks the server for', () => {
  it.each<[args: readonly string[], query: Record<string, string>]>([
    [[], {}],
    [['--revision', '1a2b3c4'], { revision: '1a2b3c4' }],
    [['--rollout', 'acme/edge'], { rollout: 'acme/edge' }],
    [['--step', 'a tenth & more'], { step: 'a tenth & more' }],
    [['--sort', 'host'], { sort: 'host' }],
    [['--sort', 'seen'], { sort: 'seen' }],
    [['--sort', 'worst'], { sort: 'worst' }],
    [
      ['--tenant', 'acme', '--rollout', 'acme/edge', '--step', 'all', '--sort', 'worst'],
      { tenant: 'acme', rollout: 'acme/edge', step: 'all', sort: 'worst' },
    ],
    [['--revision', '1a2b3c4', '--output', 'json'], { revision: '1a2b3c4' }],
  ])('what %j says', async (args, query) => {
    expect(await list(...args)).toMatchObject({ exit: 0, err: '' });
    const [url, ...more] = asked.map((text) => new URL(text, 'http://server'));
    expect(more).toEqual([]);
    expect(url?.pathname).toBe('/api/v1/agents');
    expect(Object.fromEntries(url?.searchParams ?? [])).toEqual({ limit: '1000', ...query });
  });

  it('nothing where the order is none that there is', async () => {
    const { err, exit } = await list('--sort', 'name');
    expect([exit, err]).toEqual([2, expect.stringContaining('Allowed choices are host, seen, worst')]);
    expect(asked).toEqual([]);
  });
});
