/** Reads the fields of SSH's binary format (RFC 4251, section 5) one after another; throws a RangeError past the end. */
export interface SshReader {
  /** A `string`: length and bytes. */
  bytes(): Buffer;
  text(): string;
  /** An `mpint` that is not negative, without its leading zeros. */
  integer(): Buffer;
  uint32(): number;
  rest(): Buffer;
}

/** A reader over `data` from its start. */
export function createSshReader(data: Buffer): SshReader {
  let at = 0;
  function take(length: number): Buffer {
    if (at + length > data.length) throw new RangeError('ssh data is cut short');
    at += length;
    return data.subarray(at - length, at);
  }
  const uint32 = (): number => take(4).readUInt32BE(0);
  const bytes = (): Buffer => take(uint32());
  function integer(): Buffer {
    const value = bytes();
    const first = value.findIndex((byte) => byte !== 0);
    return first < 0 ? Buffer.alloc(0) : value.subarray(first);
  }
  return { bytes, uint32, integer, text: () => bytes().toString('latin1'), rest: () => data.subarray(at) };
}

/** An SSH `string` of these bytes. */
export function encodeSshString(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value as Uint8Array);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
