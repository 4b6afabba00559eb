import { describe, expect, it } from 'vitest';
import {
  addMessageHeader,
  removeMessageHeader,
  scanHeartbeat,
} from '../../../src/opamp-server/protobuf/index.ts';
import { encodeFrame } from '../../../src/opamp-server/websocket-frame.ts';

const uid = '01936f2e8c1a7b429d550f3c6a7e1b20';
const bytes = (hex: string): Uint8Array => Buffer.from(hex, 'hex');
const hex = (data: Uint8Array | undefined): string | undefined => data && Buffer.from(data).toString('hex');

describe('WebSocket frames', () => {
  it.each([
    [0, 0, '820100'],
    [124, 0, '827d00'],
    [125, 0, '827e007e00'],
    [1, 124, '827e007e00'],
    [1, 0xffff - 2, '827effff00'],
    [1, 0xffff - 1, '827f000000000001000000'],
    [1, 0x1_0000_0000, '827f000000010000000200'],
  ])('announce a head of %i and a tail of %i bytes', (head, tail, start) => {
    const frame = encodeFrame(new Uint8Array(head).fill(7), tail);
    expect(hex(frame)?.startsWith(start)).toBe(true);
    expect(frame.length).toBe(start.length / 2 + head);
  });
});

describe('the message header', () => {
  it('is one zero byte', () => {
    expect(hex(addMessageHeader(bytes('0a01')))).toBe('000a01');
    expect(hex(removeMessageHeader(bytes('000a01')))).toBe('0a01');
    expect(hex(removeMessageHeader(bytes('00')))).toBe('');
  });

  it('may be padded or absent, but is nothing else', () => {
    expect(hex(removeMessageHeader(bytes('8080800a')))).toBeUndefined();
    expect(hex(removeMessageHeader(bytes('8080000a')))).toBe('0a');
    expect(hex(removeMessageHeader(bytes('0a10')))).toBe('0a10');
    expect(removeMessageHeader(bytes(`${'80'.repeat(10)}00`))).toBeUndefined();
    for (const other of ['', '01', '10', '7f00', '8001'])
      expect(removeMessageHeader(bytes(other))).toBeUndefined();
  });
});

describe('heartbeat recognition', () => {
  it('reads uid, sequence and capabilities', () => {
    const heartbeat = scanHeartbeat(bytes(`0a10${uid}10ac0220ffff03`));
    expect(hex(heartbeat?.wireUid)).toBe(uid);
    expect(heartbeat).toMatchObject({ sequence: 300, capabilities: 0xffff });
    expect(scanHeartbeat(bytes(`0a10${uid}`))).toMatchObject({ sequence: 0, capabilities: 0 });
    expect(scanHeartbeat(bytes(`0a10${uid}2003`))).toMatchObject({ sequence: 0, capabilities: 3 });
  });

  it('leaves everything else to the decoder', () => {
    const others = [
      '',
      `0a0f${uid}`,
      `0a10${uid.slice(2)}`,
      `0a10${uid}10`,
      `0a10${uid}1080`,
      `0a10${uid}10032003200300`,
      `0a10${uid}20031003`,
      `0a10${uid}10ffffffffffffffffff01`,
      `0a10${uid}10034a00`,
      `0a10${uid}500120030000000000000000000000000000000000000000`,
    ];
    for (const other of others) expect(scanHeartbeat(bytes(other))).toBeUndefined();
  });
});
