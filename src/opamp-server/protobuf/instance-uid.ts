import { type InstanceUid, instanceUid } from '../../model/index.ts';

const ulidAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Canonical text of a uid as an agent spells it: 16 bytes, or the 26 letters of a legacy ULID; undefined for anything else and for all zeros (C-ID-1). */
export function decodeInstanceUid(wire: Uint8Array): InstanceUid | undefined {
  if (wire.length === 26) {
    const bytes = decodeUlid(wire);
    return bytes && decodeInstanceUid(bytes);
  }
  if (wire.length !== 16 || wire.every((byte) => byte === 0)) return undefined;
  return formatUuid(wire);
}

/** The 16 bytes of a canonical uid. */
export function encodeInstanceUid(uid: InstanceUid): Uint8Array {
  return Buffer.from(uid.replaceAll('-', ''), 'hex');
}

/** The uid written in a header or setting as UUID text of any case; undefined where it is none. */
export function parseInstanceUid(text: string): InstanceUid | undefined {
  const lower = text.trim().toLowerCase();
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(lower) ? instanceUid(lower) : undefined;
}

/** A UUIDv7 (RFC 9562) of `nowMs`, with 10 random bytes. */
export function createUuidV7(nowMs: number, random: Uint8Array): InstanceUid {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes.set(random.subarray(0, 10), 6);
  bytes[6] = 0x70 | (bytes[6]! & 0x0f);
  bytes[8] = 0x80 | (bytes[8]! & 0x3f);
  return formatUuid(bytes);
}

function formatUuid(bytes: Uint8Array): InstanceUid {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return instanceUid(parts.join('-'));
}

// 26 letters of 5 bits hold 130 bits: a first letter past 7 would overflow the 128 of a uid.
function decodeUlid(letters: Uint8Array): Uint8Array | undefined {
  let value = 0n;
  for (const letter of letters) {
    const digit = ulidAlphabet.indexOf(String.fromCharCode(letter).toUpperCase());
    if (digit < 0) return undefined;
    value = (value << 5n) | BigInt(digit);
  }
  if (value >> 128n !== 0n) return undefined;
  return Buffer.from(value.toString(16).padStart(32, '0'), 'hex');
}
