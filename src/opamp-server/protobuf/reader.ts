import { Reader } from 'protobufjs/minimal.js';
import { messageLimits } from './limits.ts';

/** A position in one received message, and how many more nodes may still be kept of it. */
export interface Scope {
  readonly reader: Reader;
  nodesLeft: number;
}

/** Reads `data` from its start. */
export function createScope(data: Uint8Array): Scope {
  const buffer = Buffer.isBuffer(data) ? data : Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return { reader: Reader.create(buffer), nodesLeft: messageLimits.nodes };
}

/**
 * Reads the fields up to `end`, giving each tag to `onField`; a field that it does not take (false) is skipped.
 * Throws where the bytes are no protobuf or reach past `end`.
 */
export function readFields({ reader }: Scope, end: number, onField: (tag: number) => boolean): void {
  const outer = reader.len;
  if (end > outer) throw new RangeError('a field reaches past the end of its message');
  reader.len = end;
  while (reader.pos < end) {
    const tag = reader.tag();
    if (!onField(tag)) reader.skipType(tag & 7, 0, tag >>> 3);
  }
  reader.len = outer;
}

/** The same for the length-delimited message at the reader's position, at nesting `level`. */
export function readNested(scope: Scope, level: number, onField: (tag: number) => boolean): void {
  if (level > messageLimits.recursion) throw new RangeError('nested too deeply');
  const length = scope.reader.size();
  readFields(scope, scope.reader.pos + length, onField);
}

/** Takes one node from the message's allowance; false when it is used up. */
export function takeNode(scope: Scope): boolean {
  scope.nodesLeft -= 1;
  return scope.nodesLeft >= 0;
}

/** Text of at most `characters`; bytes past the limit are never decoded, faulty UTF-8 becomes U+FFFD. */
export function readText(scope: Scope, characters: number = messageLimits.textCharacters): string {
  const bytes = scope.reader.bytes() as Buffer;
  const limit = characters * 4;
  if (bytes.length <= limit) return cutText(bytes.toString('utf8'), characters);
  return cutText(bytes.subarray(0, limit).toString('utf8'), characters);
}

/** A copy of at most `limit` bytes that owns its memory, so that it can be transferred to a thread. */
export function readBytes(scope: Scope, limit = Number.POSITIVE_INFINITY): Uint8Array {
  const bytes = scope.reader.bytes();
  return new Uint8Array(bytes.length > limit ? bytes.subarray(0, limit) : bytes);
}

/** At most `limit` bytes, in hex. */
export function readHex({ reader }: Scope, limit: number): string {
  return (reader.bytes() as Buffer).toString('hex', 0, limit);
}

/** Low 53 bits of a varint, exact. */
export function readUint53({ reader }: Scope): number {
  const { low, high } = toLong(reader.uint64());
  return (high & 0x1fffff) * 0x1_0000_0000 + (low >>> 0);
}

/** A signed 64-bit varint: a number where that is exact, else a bigint. */
export function readInt64({ reader }: Scope): number | bigint {
  const { low, high } = toLong(reader.int64());
  const value = (BigInt(high | 0) << 32n) | BigInt(low >>> 0);
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

/** An unsigned 64-bit fixed value, exact. */
export function readFixed64({ reader }: Scope): bigint {
  const { low, high } = toLong(reader.fixed64());
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

function cutText(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const lastUnit = text.charCodeAt(characters - 1);
  const splitsPair = lastUnit >= 0xd800 && lastUnit <= 0xdbff;
  return text.slice(0, splitsPair ? characters - 1 : characters);
}

function toLong(value: unknown): { low: number; high: number } {
  return value as { low: number; high: number };
}
