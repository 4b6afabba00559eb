// The raw limit of sockets: the library that Muster uses, and nothing of Muster.
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { answerCalls } from '../harness/child.mjs';
import { now } from '../harness/statistics.mjs';

const sliceSize = 256;
const sockets = new Set();
let received = 0;
let onReceived = () => {};

const server = createServer();
const endpoint = new WebSocketServer({ noServer: true, perMessageDeflate: false });
server.on('upgrade', (request, socket, head) => {
  endpoint.handleUpgrade(request, socket, head, (connection) => {
    sockets.add(connection);
    connection.on('close', () => sockets.delete(connection));
    connection.on('error', () => connection.terminate());
    connection.on('message', () => {
      received += 1;
      onReceived();
    });
  });
});

/** One unmasked binary frame around `size` bytes, built once for everybody. */
function buildFrame(size) {
  const frame = Buffer.alloc(4 + size, 0x61);
  frame.writeUInt16BE(0x827e, 0);
  frame.writeUInt16BE(size, 2);
  return frame;
}

/**
 * Pushes one frame to everybody, or a copy of its own to each where it is `distinct`, in slices; returns when the last
 * acknowledgement came.
 */
async function broadcast({ size, distinct = false }) {
  const frame = buildFrame(size);
  const targets = [...sockets];
  received = 0;
  const acknowledged = new Promise((resolve) => {
    onReceived = () => received === targets.length && resolve(now());
  });
  for (let at = 0; at < targets.length; at += sliceSize) {
    for (const { _socket } of targets.slice(at, at + sliceSize))
      _socket.write(distinct ? Buffer.from(frame) : frame);
    await new Promise(setImmediate);
  }
  const ended = await acknowledged;
  onReceived = () => {};
  return ended;
}

answerCalls({
  async listen() {
    await new Promise((resolve) => server.listen(0, '0.0.0.0', 8_192, resolve));
    return `ws://127.0.0.1:${server.address().port}/`;
  },
  broadcast,
  received: () => received,
});
process.on('SIGTERM', () => process.exit(0));
