import { createConnection, type Socket } from 'node:net';
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { encodeAgentToServer } from '../../../src/opamp-server/index.ts';
import {
  connectAgent,
  managed,
  poll,
  startServer,
  uidA,
  uidB,
} from '../../conformance/opamp-server/harness.ts';
import { upgradeHead } from '../../faults/opamp-server/raw-socket.ts';
import { createDice, durationOf, printSeed } from './fuzz-run.ts';

type Dice = (limit: number) => number;

const message = encodeAgentToServer({ uid: uidB, sequence: 1, capabilities: managed });

function randomBytes(dice: Dice, most: number): Buffer {
  return Buffer.from(Array.from({ length: dice(most) }, () => dice(256)));
}

/** A frame whose opcode, flags, length and mask may all be wrong. */
function randomFrame(dice: Dice): Buffer {
  const payload = dice(2) === 0 ? Buffer.concat([Buffer.of(0), message]) : randomBytes(dice, 200);
  const first = dice(3) === 0 ? dice(256) : 0x80 | [0, 1, 2, 8, 9, 10][dice(6)]!;
  const masked = dice(5) === 0 ? 0 : 0x80;
  const mask = masked === 0 ? Buffer.alloc(0) : randomMask(dice, payload);
  switch (dice(6)) {
    case 0:
      return Buffer.concat([Buffer.of(first, masked | 127), randomBytes(dice, 9), mask, payload]);
    case 1:
      return Buffer.concat([Buffer.of(first, masked | 126, dice(256), dice(256)), mask, payload]);
    case 2:
      return Buffer.concat([Buffer.of(first, masked | dice(126)), mask, payload]);
    default: {
      const length =
        payload.length < 126 ? [payload.length] : [126, payload.length >> 8, payload.length & 255];
      const [small = 0, ...rest] = length;
      return Buffer.concat([Buffer.of(first, masked | small, ...rest), mask, payload]);
    }
  }
}

function randomMask(dice: Dice, payload: Buffer): Buffer {
  const mask = Buffer.from([dice(256), dice(256), dice(256), dice(256)]);
  for (let at = 0; at < payload.length; at += 1) payload[at] = payload[at]! ^ mask[at % 4]!;
  return mask;
}

/** A request whose parts may be missing, contradictory or made up. */
function randomRequest(dice: Dice): Buffer {
  const pick = <T>(...choices: readonly T[]): T => choices[dice(choices.length)] as T;
  const head = [
    `${pick('POST', 'GET', 'PUT', 'P\0ST', '')} ${pick('/v1/opamp', '/v1/opamp/..', '*', '/', '\u00ff')} HTTP/${pick('1.1', '1.0', '9')}`,
    pick('Host: a', ''),
    pick('Content-Type: application/x-protobuf', 'Content-Type: text/html', 'Content-Type'),
    pick(
      `Content-Length: ${message.length}`,
      'Content-Length: 9999',
      'Content-Length: -1',
      'Transfer-Encoding: chunked',
    ),
    pick('', 'Content-Encoding: gzip', 'Content-Length: 3', 'Connection: Upgrade', 'OpAMP-Instance-UID: x'),
  ];
  const body = pick(message, randomBytes(dice, 100), Buffer.from('5\r\nabc'), Buffer.from('ffffffff\r\n'));
  return Buffer.concat([
    Buffer.from(`${head.filter((line) => line !== '').join('\r\n')}\r\n\r\n`, 'latin1'),
    body,
  ]);
}

/** What one hostile connection sends: a good start or none, garbage, cut anywhere. */
function randomStream(dice: Dice): Buffer {
  const pieces: Buffer[] = dice(3) === 0 ? [] : [Buffer.from(upgradeHead)];
  const next = pieces.length > 0 ? randomFrame : randomRequest;
  for (let count = dice(6); count >= 0; count -= 1) pieces.push(next(dice));
  const stream = Buffer.concat(pieces);
  return dice(3) === 0 ? stream.subarray(0, dice(stream.length + 1)) : stream;
}

/** Sends it in pieces of any size, and leaves in one of the ways in which clients leave. */
async function attack(port: number, dice: Dice): Promise<void> {
  const socket: Socket = createConnection({ port, host: '127.0.0.1' });
  socket.on('error', () => {});
  socket.resume();
  await new Promise((resolve) => socket.once('connect', resolve));
  const stream = randomStream(dice);
  for (let at = 0; at < stream.length && !socket.destroyed; ) {
    const end = at + 1 + dice(dice(2) === 0 ? 10 : 1_000);
    socket.write(stream.subarray(at, end));
    at = end;
    if (dice(4) === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  if (dice(3) === 0) socket.resetAndDestroy();
  else socket.end(() => socket.destroy());
}

describe('framing', () => {
  beforeAll(printSeed);

  it('survives whatever comes over its sockets, and goes on serving others', async () => {
    const dice = createDice();
    const harness = await startServer({
      maxMessageBytes: 64 * 1024,
      headersTimeoutMs: 1_000,
      requestTimeoutMs: 2_000,
    });
    const failures: unknown[] = [];
    const onFailure = (error: unknown): void => void failures.push(error);
    process.on('uncaughtException', onFailure).on('unhandledRejection', onFailure);
    onTestFinished(() => {
      process.off('uncaughtException', onFailure).off('unhandledRejection', onFailure);
    });
    const bystander = await connectAgent(harness);
    const until = performance.now() + durationOf(0.3);
    for (let round = 0; performance.now() < until; round += 1) {
      await Promise.all(Array.from({ length: 8 }, () => attack(harness.port, dice)));
      bystander.send({ uid: uidA, sequence: round, capabilities: managed });
      expect((await bystander.message(round + 1)).uid).toBe(uidA);
    }
    expect((await poll(harness, { uid: uidA })).status).toBe(200);
    expect(failures).toEqual([]);
    expect(harness.reports.some(({ report }) => report.uid === uidB)).toBe(true);
    expect(harness.reports.every(({ report }) => /^[0-9a-f-]{36}$/.test(report.uid))).toBe(true);
  });
});
