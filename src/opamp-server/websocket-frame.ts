import { messageHeader } from './protobuf/index.ts';

const finalBinary = 0x82;

/**
 * One unmasked binary frame (RFC 6455, 5.2) around OpAMP's header and `head`, announcing `tailLength` more bytes
 * that must follow: so that one encoded config goes to every agent without being copied.
 */
export function encodeFrame(head: Uint8Array, tailLength = 0): Uint8Array {
  const payloadLength = 1 + head.length + tailLength;
  const prefix = encodeFrameHeader(payloadLength);
  const frame = Buffer.allocUnsafe(prefix.length + 1 + head.length);
  frame.set(prefix);
  frame[prefix.length] = messageHeader;
  frame.set(head, prefix.length + 1);
  return frame;
}

function encodeFrameHeader(payloadLength: number): Uint8Array {
  if (payloadLength < 126) return Uint8Array.of(finalBinary, payloadLength);
  if (payloadLength <= 0xffff)
    return Uint8Array.of(finalBinary, 126, payloadLength >> 8, payloadLength & 0xff);
  const header = Buffer.alloc(10);
  header[0] = finalBinary;
  header[1] = 127;
  header.writeUIntBE(payloadLength, 4, 6);
  return header;
}
