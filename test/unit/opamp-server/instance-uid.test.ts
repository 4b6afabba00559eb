import { describe, expect, it } from 'vitest';
import {
  createUuidV7,
  decodeInstanceUid,
  encodeInstanceUid,
  parseInstanceUid,
} from '../../../src/opamp-server/protobuf/index.ts';

describe('instance uids', () => {
  it('reads 16 bytes and 26 letters as the same uid', () => {
    const uid = decodeInstanceUid(Buffer.from('01563e3ab5d3d6764c61efb99302bd5b', 'hex'));
    expect(uid).toBe('01563e3a-b5d3-d676-4c61-efb99302bd5b');
    expect(decodeInstanceUid(Buffer.from('01ARZ3NDEKTSV4RRFFQ69G5FAV'))).toBe(uid);
    expect(decodeInstanceUid(Buffer.from('01arz3ndektsv4rrffq69g5fav'))).toBe(uid);
    expect(Buffer.from(encodeInstanceUid(uid!)).toString('hex')).toBe('01563e3ab5d3d6764c61efb99302bd5b');
  });

  it('refuses other lengths, zeros, letters outside the alphabet and ULIDs past 128 bits', () => {
    const bad = [
      Buffer.alloc(0),
      Buffer.alloc(16),
      Buffer.alloc(17, 1),
      Buffer.from('0'.repeat(26)),
      Buffer.from('8'.padEnd(26, '0')),
      Buffer.from('U'.padEnd(26, '0')),
    ];
    for (const wire of bad) expect(decodeInstanceUid(wire)).toBeUndefined();
  });

  it('reads a view into a larger buffer', () => {
    const message = Buffer.from(`ffff${'0a'.repeat(16)}ffff`, 'hex');
    expect(decodeInstanceUid(message.subarray(2, 18))).toBe('0a0a0a0a-0a0a-0a0a-0a0a-0a0a0a0a0a0a');
  });

  it('makes a UUIDv7 of the time and the random bytes', () => {
    expect(createUuidV7(0x01936f2e8c1a, Buffer.alloc(10, 0xff))).toBe('01936f2e-8c1a-7fff-bfff-ffffffffffff');
    expect(createUuidV7(0, Buffer.alloc(10))).toBe('00000000-0000-7000-8000-000000000000');
  });

  it('parses UUID text of any case and nothing else', () => {
    expect(parseInstanceUid(' 01936F2E-8C1A-7B42-9D55-0F3C6A7E1B20 ')).toBe(
      '01936f2e-8c1a-7b42-9d55-0f3c6a7e1b20',
    );
    for (const text of [
      '',
      '01936f2e8c1a7b429d550f3c6a7e1b20',
      '../../etc',
      '01936f2e-8c1a-7b42-9d55-0f3c6a7e1b2g',
    ]) {
      expect(parseInstanceUid(text)).toBeUndefined();
    }
  });
});
