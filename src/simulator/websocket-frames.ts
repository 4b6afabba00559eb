/** WebSocket opcodes (RFC 6455, section 5.2). */
export const opcode = {
  continuation: 0x0,
  text: 0x1,
  binary: 0x2,
  close: 0x8,
  ping: 0x9,
  pong: 0xa,
} as const;

/** One whole message or control frame from the server. */
export interface ReceivedFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** A masked frame, as every client must send them; `mask` is any 32 bits. */
export function encodeFrame(code: number, payload: Uint8Array, mask: number): Buffer {
  const size = payload.length;
  const extended = size < 126 ? 0 : size < 65_536 ? 2 : 8;
  const frame = Buffer.allocUnsafe(6 + extended + size);
  frame[0] = 0x80 | code;
  frame[1] = 0x80 | (extended === 0 ? size : extended === 2 ? 126 : 127);
  if (extended === 2) frame.writeUInt16BE(size, 2);
  if (extended === 8) frame.writeBigUInt64BE(BigInt(size), 2);
  const body = 6 + extended;
  frame.writeUInt32BE(mask >>> 0, body - 4);
  for (let index = 0; index < size; index++)
    frame[body + index] = payload[index]! ^ frame[body - 4 + (index & 3)]!;
  return frame;
}

function headerOf(data: Buffer): { body: number; size: number } | undefined {
  if (data.length < 2) return undefined;
  const short = data[1]! & 0x7f;
  const body = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (data.length < body) return undefined;
  if (body === 2) return { body, size: short };
  return { body, size: body === 4 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2)) };
}

const nothing = Buffer.alloc(0);

/**
 * Puts a server's byte stream together to messages; throws RangeError where one is longer than `limit` bytes, and
 * SyntaxError where a frame is masked or carries extension bits.
 */
export function createFrameReader(limit: number): (chunk: Buffer) => ReceivedFrame[] {
  let rest: Buffer = nothing;
  let parts: Buffer[] = [];
  let partsOpcode = 0;
  function take(first: number, payload: Buffer): ReceivedFrame | undefined {
    const code = first & 0x0f;
    if (code >= opcode.close) return { opcode: code, payload };
    if (code !== opcode.continuation) partsOpcode = code;
    parts.push(payload);
    if (parts.reduce((sum, part) => sum + part.length, 0) > limit) throw new RangeError('message too long');
    if ((first & 0x80) === 0) return undefined;
    const message = { opcode: partsOpcode, payload: parts.length === 1 ? parts[0]! : Buffer.concat(parts) };
    parts = [];
    return message;
  }
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const frames: ReceivedFrame[] = [];
    for (let header = headerOf(rest); header !== undefined; header = headerOf(rest)) {
      const { body, size } = header;
      if (size > limit) throw new RangeError('frame too long');
      if ((rest[0]! & 0x70) !== 0 || (rest[1]! & 0x80) !== 0) throw new SyntaxError('not a server frame');
      if (rest.length < body + size) break;
      const frame = take(rest[0]!, rest.subarray(body, body + size));
      // An empty slice would hold all of the chunk for as long as the connection lives.
      rest = rest.length === body + size ? nothing : rest.subarray(body + size);
      if (frame) frames.push(frame);
    }
    return frames;
  };
}
