import { createConnection, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** The head of a WebSocket upgrade request, whole. */
export const upgradeHead = [
  'GET /v1/opamp HTTP/1.1',
  'Host: localhost',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
  '',
  '',
].join('\r\n');

/** A plain socket that keeps what it receives. */
export async function connectRaw({
  port,
}: {
  port: number;
}): Promise<{ socket: Socket; received(): Buffer; ended(): boolean }> {
  const chunks: Buffer[] = [];
  let ended = false;
  const socket = createConnection({ port, host: '127.0.0.1' });
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('close', () => {
    ended = true;
  });
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve));
  return { socket, received: () => Buffer.concat(chunks), ended: () => ended };
}

/** One masked binary frame (RFC 6455, 5.2) of a payload shorter than 126 bytes; the mask is zero. */
export function maskedFrame(payload: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(0x82, 0x80 | payload.length, 0, 0, 0, 0), payload]);
}
