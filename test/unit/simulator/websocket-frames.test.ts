import { describe, expect, it } from 'vitest';
import { createFrameReader, encodeFrame, opcode } from '../../../src/simulator/websocket-frames.ts';
import fc from '../../support/property.ts';

/** A frame as a server sends it: unmasked. */
function serverFrame(first: number, payload: Buffer): Buffer {
  const size = payload.length;
  if (size < 126) return Buffer.concat([Buffer.from([first, size]), payload]);
  if (size < 65_536) return Buffer.concat([Buffer.from([first, 126, size >> 8, size & 255]), payload]);
  const header = Buffer.alloc(10);
  header[0] = first;
  header[1] = 127;
  header.writeBigUInt64BE(BigInt(size), 2);
  return Buffer.concat([header, payload]);
}

describe('WebSocket frames', () => {
  it('are put together however the stream is cut', () => {
    const sizes = fc.constantFrom(0, 1, 125, 126, 65_535, 65_536);
    fc.assert(
      fc.property(
        fc.array(sizes, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 1, max: 70_000 }),
        (list, cut) => {
          const payloads = list.map((size, index) => Buffer.alloc(size, index + 1));
          const stream = Buffer.concat(payloads.map((payload) => serverFrame(0x82, payload)));
          const read = createFrameReader(1 << 20);
          const got: Buffer[] = [];
          for (let at = 0; at < stream.length; at += cut)
            got.push(...read(stream.subarray(at, at + cut)).map(({ payload }) => Buffer.from(payload)));
          expect(Buffer.concat(got).equals(Buffer.concat(payloads))).toBe(true);
          expect(got.map(({ length }) => length)).toEqual(list);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('are joined across fragments, with control frames in between', () => {
    const read = createFrameReader(100);
    const stream = [
      serverFrame(0x02, Buffer.from('ab')),
      serverFrame(0x89, Buffer.from('p')),
      serverFrame(0x80, Buffer.from('cd')),
    ];
    const frames = read(Buffer.concat(stream)).map((frame) => [frame.opcode, frame.payload.toString()]);
    expect(frames).toEqual([
      [opcode.ping, 'p'],
      [opcode.binary, 'abcd'],
    ]);
  });

  it('are refused past the limit, masked, or with extension bits', () => {
    expect(() => createFrameReader(10)(serverFrame(0x82, Buffer.alloc(11)))).toThrow(RangeError);
    const parts = [serverFrame(0x02, Buffer.alloc(6)), serverFrame(0x80, Buffer.alloc(6))];
    expect(() => createFrameReader(10)(Buffer.concat(parts))).toThrow(RangeError);
    expect(() => createFrameReader(10)(encodeFrame(opcode.binary, Buffer.from('x'), 1))).toThrow(SyntaxError);
    expect(() => createFrameReader(10)(serverFrame(0xc2, Buffer.from('x')))).toThrow(SyntaxError);
  });

  it('are masked when sent', () => {
    const frame = encodeFrame(opcode.binary, Buffer.from([1, 2, 3, 4, 5]), 0xff00ff00);
    expect([...frame]).toEqual([0x82, 0x85, 0xff, 0, 0xff, 0, 0xfe, 2, 0xfc, 4, 0xfa]);
  });
});
