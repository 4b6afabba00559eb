import { Duplex } from 'node:stream';
import { expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { createFrameGathering, createSocketWire } from '../../../src/opamp-server/wire.ts';

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A wire whose socket tells what each write to the kernel held. */
function createWire(gathering = createFrameGathering()) {
  const writes: string[] = [];
  const socket = new Duplex({
    read() {},
    write(chunk, _encoding, done) {
      writes.push(String(chunk));
      done();
    },
    writev(chunks, done) {
      writes.push(chunks.map(({ chunk }) => String(chunk)).join(''));
      done();
    },
  });
  const webSocket = { terminate: () => socket.destroy() } as unknown as WebSocket;
  return { wire: createSocketWire(webSocket, socket, gathering), writes };
}

const large = 'x'.repeat(4_096);
const bytes = (text: string) => Buffer.from(text);

it('writes what one socket is told in one turn at once, in order, and not before that turn is over', async () => {
  const { wire, writes } = createWire();
  wire.write(bytes('one '), []);
  wire.write(bytes('two '), [bytes('with '), bytes('tails ')]);
  wire.write(bytes('three '), [bytes(large)]);
  wire.write(bytes(' four'), []);
  expect(writes).toEqual([]);
  expect(wire.backlog()).toBeGreaterThan(0);
  await nextTurn();
  expect(writes).toEqual([`one two with tails three ${large} four`]);
  expect(wire.backlog()).toBe(0);
});

it('holds no more than so many sockets back', async () => {
  const gathering = createFrameGathering();
  const all = Array.from({ length: 300 }, () => createWire(gathering));
  for (const { wire } of all) wire.write(bytes('hello'), []);
  expect(all.filter(({ writes }) => writes.length === 0).length).toBeLessThanOrEqual(128);
  await nextTurn();
  expect(all.filter(({ writes }) => writes.join() !== 'hello')).toEqual([]);
});

it('writes large frames at once where nothing waits before them', () => {
  const { wire, writes } = createWire();
  wire.write(bytes('head '), [bytes(large)]);
  expect(writes).toEqual([`head ${large}`]);
});

it('loses nothing that was said before a connection is cut', async () => {
  const { wire, writes } = createWire();
  wire.write(bytes('last words'), []);
  wire.terminate();
  expect(writes).toEqual(['last words']);
  await nextTurn();
  expect(writes).toEqual(['last words']);
});
