import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { decodeAgentToServer } from '../../../src/opamp-server/protobuf/index.ts';
import { createFrameReader, createFrameWriter, frameType } from '../../../src/opamp-server/relay/frames.ts';
import { createLink } from '../../../src/opamp-server/relay/link.ts';
import { readMessageHead } from '../../../src/opamp-server/relay/message-head.ts';
import { createTailReceiver, createTailSender } from '../../../src/opamp-server/relay/shared-bytes.ts';
import { createManualClock, createStreamPair } from '../../../src/runtime/index.ts';
import { eventually } from '../../support/eventually.ts';
import fc from '../../support/property.ts';

const part = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  // Longer than what is copied, and than a slab.
  fc.integer({ min: 0, max: 90_000 }).map((length) => new Uint8Array(length).fill(length)),
);
const frame = fc.record({
  type: fc.integer({ min: 0, max: 255 }),
  id: fc.integer({ min: 0, max: 0xffff_ffff }),
  parts: fc.array(part, { maxLength: 3 }),
});

/** Some releases of Node give one chunk at a time. */
function readAll(stream: PassThrough): Buffer {
  const chunks: Buffer[] = [];
  for (let chunk = stream.read(); chunk !== null; chunk = stream.read()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const hex = (data: Uint8Array) => Buffer.from(data).toString('hex');

describe('frames between a relay and the server', () => {
  it('arrive as they were written, however the stream cuts them and however few are taken at once', () => {
    const cuts = fc.integer({ min: 1, max: 5_000 });
    const most = fc.integer({ min: 1, max: 4 });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), cuts, most, (frames, cut, maxFrames) => {
        const stream = new PassThrough({ highWaterMark: 1 << 24 });
        const flushes: (() => void)[] = [];
        const writer = createFrameWriter(stream, (flush) => void flushes.push(flush));
        for (const { type, id, parts } of frames) writer.write(type, id, ...parts);
        for (const flush of flushes) flush();
        const bytes = readAll(stream);
        const read: unknown[] = [];
        const reader = createFrameReader(
          (type, id, payload) => void read.push([type, id, hex(payload)]),
          1 << 20,
          () => read.length % maxFrames > 0,
        );
        for (let at = 0; at < bytes.length; at += cut)
          for (let more = reader(bytes.subarray(at, at + cut)); more; ) more = reader();
        expect(read).toEqual(frames.map(({ type, id, parts }) => [type, id, hex(Buffer.concat(parts))]));
      }),
      { numRuns: 60 },
    );
  });

  it('are taken in turns of a few milliseconds where many come at once', async () => {
    const [here, there] = createStreamPair();
    const clock = createManualClock();
    let taken = 0;
    let inFirstTurn = 0;
    const deps = {
      clock,
      onFrame: () => {
        taken += 1;
        clock.advance(1);
        if (taken === 1) setImmediate(() => void (inFirstTurn = taken));
      },
      onClosed: () => {},
    };
    const link = createLink(there, deps, { maxFrameBytes: 1_000, maxSilentBeats: 3 });
    onTestFinished(() => link.close());
    const writer = createFrameWriter(here, setImmediate);
    for (let id = 0; id < 1_000; id += 1) writer.write(frameType.message, id);
    await eventually(() => taken === 1_000);
    expect(inFirstTurn).toBeLessThan(10);
  });

  it('are refused where they are longer than agreed', () => {
    const reader = createFrameReader(() => {}, 100);
    expect(() => reader(Buffer.from([101, 0, 0, 0, 1, 0, 0, 0, 0]))).toThrow('101 bytes');
  });

  it('carry tails of which each distinct one crosses once, and forget the oldest', () => {
    const tails = Array.from({ length: 600 }, (_, index) =>
      Buffer.alloc(600, index).fill(String(index), 0, 8),
    );
    const receiver = createTailReceiver();
    let crossed = 0;
    const composed: string[] = [];
    const sender = createTailSender({
      send(type, id, ...parts) {
        const payload = Buffer.concat(parts);
        crossed += payload.length;
        if (type === 19) receiver.share(id, payload);
        else if (type === 20) receiver.forget(id);
        else composed.push(hex(Buffer.concat(receiver.compose(payload) ?? [Buffer.from('missing')])));
      },
      backlog: () => 0,
      onceDrained: () => {},
      close: () => {},
    });
    const head = Buffer.from('head');
    const short = Buffer.from('short');
    for (let agent = 0; agent < 50; agent += 1) sender.send(agent, head, [short, tails[0]!]);
    expect(crossed).toBeLessThan(600 + 50 * 30);
    for (const tail of tails) sender.send(1, head, [tail]);
    sender.send(2, head, [tails[0]!]);
    expect(composed.at(0)).toBe(hex(Buffer.concat([head, short, tails[0]!])));
    expect(composed.at(-1)).toBe(hex(Buffer.concat([head, tails[0]!])));
    expect(composed).not.toContain(hex(Buffer.from('missing')));
  });
});

describe('the head of a message', () => {
  it('is what the server reads of it, of messages of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), (bytes, named) => {
        const uid = [0x0a, 16, ...new Array(16).fill(7)];
        const data = Uint8Array.from(named ? [...uid, ...bytes] : bytes);
        const decoded = decodeAgentToServer(data);
        const head = readMessageHead(data);
        if (decoded.kind !== 'report') return;
        expect(head).toMatchObject({
          sequence: decoded.report.sequence,
          leaves: decoded.report.disconnect,
        });
      }),
      { numRuns: 500 },
    );
  });
});
