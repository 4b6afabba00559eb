import { connect as connectTcp, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { dialPeer, listenForPeers, type PeerChannel, parsePeerAddress } from '../../../src/peers/index.ts';
import { createSilentLogger } from '../../../src/runtime/index.ts';
import { eventually } from '../../support/eventually.ts';

const key = Buffer.alloc(32, 7);
const never = new AbortController().signal;

async function listen(handshakeMs?: number) {
  const accepted: PeerChannel[] = [];
  const warnings: string[] = [];
  const listener = await listenForPeers(
    { host: '127.0.0.1', port: 0, key, ...(handshakeMs && { handshakeMs }) },
    {
      logger: { ...createSilentLogger(), warn: (_, message) => void warnings.push(message) },
      accept(channel, stream) {
        accepted.push(channel);
        stream.pipe(stream);
      },
    },
  );
  onTestFinished(() => listener.close());
  return { accepted, warnings, listener, address: { host: '127.0.0.1', port: listener.port } };
}

function answerOf(stream: Duplex, text: string): Promise<string> {
  return new Promise((resolve) => {
    stream.once('data', (bytes: Buffer) => resolve(bytes.toString()));
    stream.write(text);
  });
}

it('a peer with the key is let in, for what it comes for', async () => {
  const { accepted, address } = await listen();
  for (const channel of ['muster-relay', 'muster-api', 'muster-downloads'] as const) {
    const stream = await dialPeer(address, key, channel, never);
    expect(await answerOf(stream, channel)).toBe(channel);
    stream.destroy();
  }
  expect(accepted).toEqual(['muster-relay', 'muster-api', 'muster-downloads']);
});

it('one with another key is not, and it is said', async () => {
  const { accepted, warnings, address } = await listen();
  await expect(dialPeer(address, Buffer.alloc(32, 8), 'muster-relay', never)).rejects.toThrow();
  await eventually(() => warnings.length > 0);
  expect(warnings[0]).toContain('is its server key the same?');
  expect(accepted).toEqual([]);
});

function connectPlainly(port: number): Socket {
  const socket = connectTcp(port, '127.0.0.1');
  socket.once('connect', () => socket.write('GET / HTTP/1.1\r\n\r\n'));
  return socket;
}

it.each([
  [
    'a certificate instead of a key',
    (port: number) => connectTls({ port, host: '127.0.0.1', rejectUnauthorized: false }),
  ],
  ['plain bytes', connectPlainly],
])('nobody is with %s', async (_, connect) => {
  const { accepted, address } = await listen();
  const socket = connect(address.port);
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('close', resolve));
  expect(accepted).toEqual([]);
});

it('nobody stays who does not speak', async () => {
  const { address } = await listen(50);
  const silent = connectTcp(address.port, address.host).resume();
  await new Promise((resolve) => silent.once('close', resolve));
});

it('nobody who does not speak keeps the listener from closing', async () => {
  const { address, listener } = await listen();
  const silent = connectTcp(address.port, address.host).resume();
  await new Promise((resolve) => silent.once('connect', resolve));
  // Let in after the silent one: that one has been seen by then.
  await dialPeer(address, key, 'muster-relay', never);
  await listener.close();
});

it('streams end with the listener', async () => {
  const { address, listener } = await listen();
  const stream = await dialPeer(address, key, 'muster-relay', never);
  const closed = new Promise((resolve) => stream.once('close', resolve).resume());
  await listener.close();
  await closed;
});

it('who cannot be reached is an error, and so is an abort', async () => {
  const { address } = await listen();
  const ending = new AbortController();
  const dialled = dialPeer(address, key, 'muster-relay', ending.signal);
  ending.abort();
  await expect(dialled).rejects.toThrow('aborted');
  await expect(dialPeer({ host: '127.0.0.1', port: 1 }, key, 'muster-relay', never)).rejects.toThrow();
});

it.each([
  ['10.0.0.7:4322', { host: '10.0.0.7', port: 4322 }],
  ['[fd00::7]:4322', { host: 'fd00::7', port: 4322 }],
  ['muster-0.muster:4322', { host: 'muster-0.muster', port: 4322 }],
  ['fd00::7:4322', undefined],
  ['10.0.0.7', undefined],
])('the address %s', (text, address) => {
  expect(parsePeerAddress(text)).toEqual(address);
});
